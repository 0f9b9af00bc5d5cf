// What the kinds of the catalog have in common: entries that nobody changes, to list, to get, and
// to name by id or name.
#pragma once

#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"

#include <algorithm>
#include <string>
#include <vector>

namespace hcloud::sim {

template <typename T>
struct CatalogKind {
    std::string plural;    // "server_types": path, and key of lists
    std::string singular;  // "server_type": key of one
    std::string title;     // "server type": in messages
    const std::vector<T>& (*entries)();
    nlohmann::json (*show)(const World&, const T&);
    ListRules list{{"id", "name"}, {"name"}};
};

/// By id, "22", or name, "cpx11"; nullptr if there is none.
template <typename T>
const T* find_by_reference(const CatalogKind<T>& kind, const std::string& reference) {
    const auto& entries = kind.entries();
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const T& entry) {
        return entry.name == reference || std::to_string(entry.id) == reference;
    });
    return found == entries.end() ? nullptr : &*found;
}

/// The one that a body's field means. Throws ApiError 404 for one that does not exist.
template <typename T>
const T& require_by_reference(const CatalogKind<T>& kind, const std::string& reference) {
    const T* const found = find_by_reference(kind, reference);
    if (found == nullptr) throw not_found(kind.title, reference);
    return *found;
}

/// GET /KIND/{id}. The kind lives as long as the program.
template <typename T>
void add_catalog_entry(Router& router, const CatalogKind<T>& kind) {
    router.add("GET", "/v1/" + kind.plural + "/{id}",
               [&kind](World& world, const Request& request) {
                   const std::string id = std::to_string(path_id(request));
                   const T* const entry = find_by_reference(kind, id);
                   if (entry == nullptr) throw not_found(kind.title, id);
                   return json_response(200, {{kind.singular, kind.show(world, *entry)}});
               });
}

/// GET /KIND and /KIND/{id}.
template <typename T>
void add_catalog_reading(Router& router, const CatalogKind<T>& kind) {
    router.add("GET", "/v1/" + kind.plural, [&kind](World& world, const Request& request) {
        std::vector<nlohmann::json> items;
        for (const T& entry : kind.entries())
            items.push_back(kind.show(world, entry));
        return list_response(request, kind.plural, std::move(items), kind.list);
    });
    add_catalog_entry(router, kind);
}

}  // namespace hcloud::sim

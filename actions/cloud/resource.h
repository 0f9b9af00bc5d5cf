// What the resources have in common: get, list, find. Internal to this folder.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/fields.h"
#include "actions/cloud/listing.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

template <typename Resource>
struct Kind {
    const char* path;  // "/servers"
    const char* one;   // "server": the key in an answer
    const char* many;  // "servers"
    Resource (*read)(const Fields&);
};

/// Of {"server": {…}}; throws FieldError.
template <typename Resource>
Resource parse_one(const Kind<Resource>& kind, const nlohmann::json& answer) {
    return kind.read(Fields(answer, "").required_object(kind.one));
}

/// Of {"servers": […]}; throws FieldError.
template <typename Resource>
std::vector<Resource> parse_page(const Kind<Resource>& kind, const Fields& answer) {
    std::vector<Resource> result;
    for (const auto& item : answer.required_list(kind.many)) {
        result.push_back(kind.read(item));
    }
    return result;
}

template <typename Resource>
std::string path_of(const Kind<Resource>& kind, std::int64_t id) {
    return std::string(kind.path) + "/" + std::to_string(id);
}

/// The same, of the answer to a request; throws cloud::Error.
template <typename Resource>
Resource read_answer(const Client& client, const Request& request, const Kind<Resource>& kind,
                     const nlohmann::json& answer) {
    try {
        return parse_one(kind, answer);
    } catch (const FieldError& error) {
        throw client.malformed(request, error.what());
    }
}

/// Throws cloud::Error, `malformed` also if the answer is for another id.
template <typename Resource>
Resource get_one(Client& client, const Kind<Resource>& kind, std::int64_t id,
                 const CallOptions& options) {
    const Request request{"GET", path_of(kind, id)};
    auto resource = read_answer(client, request, kind, client.call(request, options));
    if (resource.id != id) {
        throw client.malformed(request, std::string(kind.one) + ".id: asked for " +
                                            std::to_string(id) + ", got " +
                                            std::to_string(resource.id));
    }
    return resource;
}

template <typename Resource>
std::vector<Resource> list_all(Client& client, const Kind<Resource>& kind, const ListFilter& filter,
                               const CallOptions& options) {
    std::vector<Resource> result;
    each_page(client, kind.path, filter, options, [&](const Fields& answer) {
        for (auto& resource : parse_page(kind, answer)) {
            result.push_back(std::move(resource));
        }
    });
    return result;
}

/// A text of digits may be a name, too: the id goes first, as with the official CLI. Throws if
/// several have the name: they are unique today, but whoever is wrong about that changes another's.
template <typename Resource>
std::optional<Resource> find_one(Client& client, const Kind<Resource>& kind,
                                 const std::string& name_or_id, const CallOptions& options) {
    if (const auto id = id_from(name_or_id)) {
        try {
            return get_one(client, kind, *id, options);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::not_found) throw;
        }
    }
    if (name_or_id.empty()) return std::nullopt;  // would be no filter
    auto found = list_all(client, kind, {name_or_id, ""}, options);
    std::erase_if(found, [&](const Resource& resource) { return resource.name != name_or_id; });
    if (found.empty()) return std::nullopt;
    if (found.size() == 1) return std::move(found.front());
    std::string ids;
    for (const auto& resource : found)
        ids += (ids.empty() ? "" : ", ") + std::to_string(resource.id);
    throw Error({.kind = ErrorKind::rejected,
                 .request = std::string("GET ") + kind.path + "?name=" + name_or_id,
                 .message = "several have this name (ids " + ids + "): use the id instead",
                 .error_class = ErrorClass::our_fault});
}

}  // namespace hcloud::cloud

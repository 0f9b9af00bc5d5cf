// What all kinds of resources have in common: their endpoints to list, get, update, delete, protect
// and see the actions of, names that are unique, and the project's limits.
//
// A kind is described once, by a Kind<T>; its file adds what only it can do.
#pragma once

#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"

#include <functional>
#include <string>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

namespace hcloud::sim {

template <typename T>
struct Kind {
    std::string plural;    // "floating_ips": path, and key of lists
    std::string singular;  // "floating_ip": key of one, and its type in an action's resources
    std::string title;     // "floating IP": in messages
    std::map<Id, T> State::*entries;
    nlohmann::json (*show)(const World&, Id, const T&);
    ListRules list;
    // What a change meets while an action of the resource runs. Most kinds are locked then, but for
    // PUT; of some the reference says "conflict".
    bool actions_conflict = false;
    bool updates_conflict = false;
};

/// Throws ApiError 409 uniqueness_error for a name that another one has.
template <typename T>
void refuse_taken_name(const World& world, const Kind<T>& kind, const std::string& name, Id but) {
    for (const auto& [id, entry] : world.state().*kind.entries) {
        if (id != but && entry.name == name) throw name_taken(kind.title);
    }
}

/// Throws ApiError 404.
template <typename T>
const T& require(const World& world, const Kind<T>& kind, Id id) {
    const auto& entries = world.state().*kind.entries;
    const auto entry = entries.find(id);
    if (entry == entries.end()) throw not_found(kind.title, std::to_string(id));
    return entry->second;
}

/// The one with that id in a state that may be newer than the request; nullptr if it is gone.
template <typename T>
T* find(State& state, const Kind<T>& kind, Id id) {
    auto& entries = state.*kind.entries;
    const auto entry = entries.find(id);
    return entry == entries.end() ? nullptr : &entry->second;
}

template <typename T>
nlohmann::json show(const World& world, const Kind<T>& kind, Id id) {
    return kind.show(world, id, require(world, kind, id));
}

/// Throws ApiError if an action of the resource is running.
template <typename T>
void require_idle(const World& world, const Kind<T>& kind, Id id) {
    const Resource resource{id, kind.singular};
    if (kind.actions_conflict) require_no_change(world, resource, kind.title);
    require_unlocked(world, resource, kind.title);
}

/// Throws ApiError if create() would; for what has to be done before.
template <typename T>
void refuse_before_create(const World& world, const Kind<T>& kind, const std::string& name) {
    refuse_taken_name(world, kind, name, 0);
    require_below_limit(world, kind.plural, (world.state().*kind.entries).size());
}

/// Adds it to the project, at once; without a name it gets one with its id. Throws ApiError: name
/// taken, limit reached.
template <typename T>
Id create(World& world, const Kind<T>& kind, T entry) {
    refuse_before_create(world, kind, entry.name);
    const Id id = world.new_id();
    entry.created = world.now();
    if (entry.name.empty()) entry.name = fmt::format("{}-{}", kind.singular, id);
    world.change([&](State& state) { (state.*kind.entries)[id] = std::move(entry); });
    return id;
}

/// Runs `change` on the resource when the action ends; one that is gone by then is an error.
template <typename T>
Effect on(const Kind<T>& kind, Id id, std::function<void(T&)> change) {
    return [&kind, id, change = std::move(change)](State& state) -> std::optional<ActionError> {
        T* const entry = find(state, kind, id);
        if (entry == nullptr) return ActionError{"action_failed", kind.title + " is gone"};
        change(*entry);
        return std::nullopt;
    };
}

// The endpoints. A Kind lives as long as the program.

/// GET /KIND and /KIND/{id}.
template <typename T>
void add_reading(Router& router, const Kind<T>& kind) {
    const std::string path = "/v1/" + kind.plural;
    router.add("GET", path, [&kind](World& world, const Request& request) {
        std::vector<nlohmann::json> items;
        for (const auto& [id, entry] : world.state().*kind.entries)
            items.push_back(kind.show(world, id, entry));
        return list_response(request, kind.plural, std::move(items), kind.list);
    });
    router.add("GET", path + "/{id}", [&kind](World& world, const Request& request) {
        return json_response(200, {{kind.singular, show(world, kind, path_id(request))}});
    });
}

/// PUT /KIND/{id}: name and labels, and what `more` reads: it is called before anything changes,
/// and returns what to do to the resource.
template <typename T>
void add_updating(Router& router, const Kind<T>& kind,
                  std::function<std::function<void(T&)>(InputFields&)> more = {}) {
    router.add("PUT", "/v1/" + kind.plural + "/{id}",
               [&kind, more](World& world, const Request& request) {
                   const Id id = path_id(request);
                   require(world, kind, id);
                   InputFields fields(request);
                   const auto name = fields.text("name");
                   if (name && name->empty()) fields.refuse("name", "Field may not be empty.");
                   const auto labels = fields.labels();
                   const auto change = more ? more(fields) : std::function<void(T&)>();
                   fields.finish();
                   if (name) refuse_taken_name(world, kind, *name, id);
                   if (kind.updates_conflict) {
                       require_no_change(world, {id, kind.singular}, kind.title);
                   }
                   world.change([&](State& state) {
                       T& entry = *find(state, kind, id);
                       if (name) entry.name = *name;
                       if (labels) entry.labels = *labels;
                       if (change) change(entry);
                   });
                   return json_response(200, {{kind.singular, show(world, kind, id)}});
               });
}

/// DELETE /KIND/{id}, 204, at once. `refuse` throws if it must not be; `after` undoes what names
/// it.
template <typename T>
void add_deleting(Router& router, const Kind<T>& kind,
                  std::function<void(const World&, Id, const T&)> refuse = {},
                  std::function<void(State&, Id)> after = {}) {
    router.add("DELETE", "/v1/" + kind.plural + "/{id}",
               [&kind, refuse, after](World& world, const Request& request) {
                   const Id id = path_id(request);
                   const T& entry = require(world, kind, id);
                   require_unprotected(entry.delete_protection, kind.title + " deletion");
                   require_idle(world, kind, id);
                   if (refuse) refuse(world, id, entry);
                   world.change([&](State& state) {
                       (state.*kind.entries).erase(id);
                       if (after) after(state, id);
                   });
                   return text_response(204, "");
               });
}

template <typename T>
struct ProtectionRules {
    bool required = false;  // whether "delete" must be there
    std::function<void(const World&, const T&, bool protect)> refuse = {};
};

/// POST /KIND/{id}/actions/change_protection with "delete", and "rebuild" if `rebuild` says where
/// that is kept.
template <typename T>
void add_protecting(Router& router, const Kind<T>& kind,
                    std::type_identity_t<bool T::*> rebuild = nullptr,
                    ProtectionRules<T> rules = {}) {
    router.add("POST", "/v1/" + kind.plural + "/{id}/actions/change_protection",
               [&kind, rebuild, rules](World& world, const Request& request) {
                   const Id id = path_id(request);
                   const T& now = require(world, kind, id);
                   InputFields fields(request);
                   if (rules.required) fields.find("delete", true);
                   const auto from_delete = fields.boolean("delete");
                   const auto from_rebuild =
                       rebuild == nullptr ? std::optional<bool>() : fields.boolean("rebuild");
                   fields.finish();
                   require_idle(world, kind, id);
                   if (rules.refuse) rules.refuse(world, now, from_delete.value_or(false));
                   return created(world, {.command = "change_protection",
                                          .resources = {{id, kind.singular}},
                                          .effect = on<T>(kind, id, [=](T& entry) {
                                              if (from_delete)
                                                  entry.delete_protection = *from_delete;
                                              if (from_rebuild) entry.*rebuild = *from_rebuild;
                                          })});
               });
}

/// GET /KIND/actions, /KIND/actions/{id}, /KIND/{id}/actions, /KIND/{id}/actions/{action_id}.
template <typename T>
void add_action_lists(Router& router, const Kind<T>& kind) {
    add_actions_of_kind(router, kind.plural, kind.singular,
                        [&kind](const World& world, Id id) { require(world, kind, id); });
}

}  // namespace hcloud::sim

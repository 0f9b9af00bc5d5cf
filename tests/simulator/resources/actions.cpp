// GET /actions and /actions/{id}, and the same for the actions of one kind of resource.
#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"
#include "tests/simulator/values.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

const char* status_name(Action::Status status) {
    switch (status) {
        case Action::Status::running:
            return "running";
        case Action::Status::success:
            return "success";
        case Action::Status::error:
            return "error";
    }
    return "unknown";
}

std::int64_t progress(const World& world, const Action& action) {
    const auto total = action.ends - action.started;
    if (action.status != Action::Status::running || total.count() <= 0) return 100;
    // The world may not have been told yet that the action is due: 100 comes with its end only.
    return std::clamp<std::int64_t>((world.now() - action.started) * 100 / total, 0, 99);
}

ListRules action_list() {
    return {{"id", "command", "status", "started", "finished"}, {"id", "status"}};
}

bool of_type(const Action& action, const std::string& type) {
    const auto& resources = action.plan.resources;
    return std::any_of(resources.begin(), resources.end(),
                       [&](const Resource& resource) { return resource.type == type; });
}

template <typename Wanted>
Response list_actions(const World& world, const Request& request, Wanted wanted) {
    std::vector<json> actions;
    for (const auto& [id, action] : world.actions()) {
        if (wanted(action)) actions.push_back(action_json(world, action));
    }
    return list_response(request, "actions", std::move(actions), action_list());
}

template <typename Wanted>
Response one_action(const World& world, const std::string& text, Wanted wanted) {
    const auto id = parse_id(text);
    const auto action = id ? world.actions().find(*id) : world.actions().end();
    if (action == world.actions().end() || !wanted(action->second)) throw not_found("action", text);
    return json_response(200, {{"action", action_json(world, action->second)}});
}

Response get_actions(World& world, const Request& request) {
    const std::vector<std::string> ids = request.query_values("id");
    if (ids.empty()) {
        throw ApiError(410, "deprecated_api_endpoint", "API functionality was removed",
                       {{"announcement",
                         "https://docs.hetzner.cloud/changelog"
                         "#2023-07-20-actions-list-endpoint-is-deprecated"}});
    }
    json actions = json::array();
    for (const auto& [id, action] : world.actions()) {
        if (std::find(ids.begin(), ids.end(), std::to_string(id)) != ids.end()) {
            actions.push_back(action_json(world, action));
        }
    }
    return json_response(200, {{"actions", actions}});
}

}  // namespace

json action_json(const World& world, const Action& action) {
    json resources = json::array();
    for (const Resource& resource : action.plan.resources) {
        resources.push_back({{"id", resource.id}, {"type", resource.type}});
    }
    const bool running = action.status == Action::Status::running;
    json error = nullptr;
    if (action.error) error = {{"code", action.error->code}, {"message", action.error->message}};
    return {{"id", action.id},
            {"command", action.plan.command},
            {"status", status_name(action.status)},
            {"progress", progress(world, action)},
            {"started", world.timestamp(action.started)},
            {"finished", running ? json(nullptr) : json(world.timestamp(action.ends))},
            {"resources", resources},
            {"error", error}};
}

void add_actions(Router& router) {
    router.add("GET", "/v1/actions", get_actions);
    router.add("GET", "/v1/actions/{id}", [](World& world, const Request& request) {
        return one_action(world, request.params.at("id"), [](const Action&) { return true; });
    });
}

void add_actions_of_kind(Router& router, const std::string& plural, const std::string& type,
                         std::function<void(const World&, Id)> require) {
    const std::string path = "/v1/" + plural;
    const auto any = [type](const Action& action) { return of_type(action, type); };
    router.add("GET", path + "/actions", [any](World& world, const Request& request) {
        return list_actions(world, request, any);
    });
    router.add("GET", path + "/actions/{action_id}", [any](World& world, const Request& request) {
        return one_action(world, request.params.at("action_id"), any);
    });
    router.add("GET", path + "/{id}/actions", [=](World& world, const Request& request) {
        const Resource resource{path_id(request), type};
        require(world, resource.id);
        return list_actions(world, request,
                            [&](const Action& action) { return action.concerns(resource); });
    });
    router.add(
        "GET", path + "/{id}/actions/{action_id}", [=](World& world, const Request& request) {
            const Resource resource{path_id(request), type};
            require(world, resource.id);
            return one_action(world, request.params.at("action_id"),
                              [&](const Action& action) { return action.concerns(resource); });
        });
}

}  // namespace hcloud::sim

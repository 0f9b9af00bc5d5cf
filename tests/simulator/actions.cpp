// GET /actions and /actions/{id}, and what the resources' own action lists share.
#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"

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

Response get_action(World& world, const Request& request) {
    const Id id = path_id(request);
    const auto action = world.actions().find(id);
    if (action == world.actions().end()) throw not_found("action", std::to_string(id));
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
            {"started", format_time(action.started)},
            {"finished", running ? json(nullptr) : json(format_time(action.ends))},
            {"resources", resources},
            {"error", error}};
}

Response list_actions(const World& world, const Request& request, const Resource& resource) {
    std::vector<json> actions;
    for (const auto& [id, action] : world.actions()) {
        if (action.concerns(resource)) actions.push_back(action_json(world, action));
    }
    return list_response(request, "actions", std::move(actions),
                         {"id", "command", "status", "started", "finished"});
}

void add_actions(Router& router) {
    router.add("GET", "/v1/actions", get_actions);
    router.add("GET", "/v1/actions/{id}", get_action);
}

}  // namespace hcloud::sim

// DELETE /servers/{id}, and what goes with a server.
#include "tests/simulator/resources/firewalls.h"
#include "tests/simulator/resources/images.h"
#include "tests/simulator/resources/load_balancers.h"
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/volumes.h"

namespace hcloud::sim {

namespace {

void release_primary_ips(State& state, Id server) {
    auto& ips = state.primary_ips;
    for (auto entry = ips.begin(); entry != ips.end();) {
        const bool own = entry->second.assignee == server;
        if (own) entry->second.assignee.reset();
        entry = own && entry->second.auto_delete ? ips.erase(entry) : std::next(entry);
    }
}

void remove_server(State& state, Id id) {
    release_primary_ips(state, id);
    for (auto& [unused, floating] : state.floating_ips) {
        if (floating.server == id) floating.server.reset();
    }
    detach_volumes(state, id);
    remove_from_firewalls(state, id);
    remove_from_load_balancers(state, id);
    remove_backups(state, id);
    if (state.metadata.default_server == id) state.metadata.default_server.reset();
    state.servers.erase(id);
}

Response delete_server(World& world, const Request& request) {
    const Id id = path_id(request);
    const Server& server = require(world, servers(), id);
    require_unprotected(server.delete_protection, "server deletion");
    require_unlocked(world, {id, "server"}, "server");
    ActionPlan plan{.command = "delete_server", .resources = {{id, "server"}}, .effect = {}};
    if (world.state().switches.get("server_is_deleted") == "at_once") {
        world.change([id](State& state) { remove_server(state, id); });
    } else {
        plan.effect = [id](State& state) -> std::optional<ActionError> {
            remove_server(state, id);
            return std::nullopt;
        };
    }
    const Action& action = world.start(std::move(plan));
    return json_response(200, {{"action", action_json(world, action)}});
}

}  // namespace

void add_server_deletion(Router& router) {
    router.add("DELETE", "/v1/servers/{id}", delete_server);
}

}  // namespace hcloud::sim

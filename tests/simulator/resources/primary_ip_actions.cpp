// POST /primary_ips/{id}/actions/assign and …/unassign.
#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/primary_ip_rules.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

Id read_assignee(const World& world, const Request& request) {
    InputFields fields(request);
    const bool needed = world.state().switches.get("assignee_type_missing") != "server";
    if (needed || fields.has("assignee_type")) {
        fields.choice("assignee_type", {"server"}, std::nullopt);
    }
    const Id server = fields.integer("assignee_id");
    fields.finish();
    return server;
}

Response move(World& world, const char* command, Id ip, Id server, std::optional<Id> to) {
    return created(world, {.command = command,
                           .resources = {{server, "server"}, {ip, "primary_ip"}},
                           .effect = assign_to(ip, to)});
}

Response assign(World& world, const Request& request) {
    const Id id = path_id(request);
    const PrimaryIp& ip = require(world, primary_ips(), id);
    const Id server = read_assignee(world, request);
    require(world, servers(), server);
    require_idle(world, primary_ips(), id);
    if (ip.assignee) {
        throw ApiError(422, "primary_ip_already_assigned", "primary IP is already assigned");
    }
    require_takes(world, server, ip.type);
    if (world.state().servers.at(server).location != ip.location) {
        throw ApiError(422, world.state().switches.get("primary_ip_elsewhere"),
                       "primary IP and server are in different locations");
    }
    return move(world, "assign_primary_ip", id, server, server);
}

bool is_public_target(const State& state, Id server) {
    return std::any_of(
        state.load_balancers.begin(), state.load_balancers.end(), [&](const auto& entry) {
            const auto& targets = entry.second.targets;
            return std::any_of(targets.begin(), targets.end(), [&](const auto& target) {
                return target.type == "server" && target.server == server && !target.use_private_ip;
            });
        });
}

Response unassign(World& world, const Request& request) {
    const Id id = path_id(request);
    const PrimaryIp& ip = require(world, primary_ips(), id);
    require_idle(world, primary_ips(), id);
    if (ip.assignee) {
        require_stopped(world, *ip.assignee);
        if (ip.type == "ipv4" && is_public_target(world.state(), *ip.assignee)) {
            throw ApiError(422, "server_is_load_balancer_target",
                           "server IPv4 address is a load balancer target");
        }
        return move(world, "unassign_primary_ip", id, *ip.assignee, std::nullopt);
    }
    const std::string how = world.state().switches.get("unassign_unassigned_primary_ip");
    if (how != "success") throw ApiError(422, how, "primary IP is not assigned");
    return created(world, {.command = "unassign_primary_ip",
                           .resources = {{id, "primary_ip"}},
                           .effect = assign_to(id, std::nullopt)});
}

}  // namespace

void require_stopped(const World& world, Id server) {
    const Server& found = require(world, servers(), server);
    require_idle(world, servers(), server);
    if (found.status == "off") return;
    throw ApiError(422, "server_not_stopped", "server must be powered off");
}

void require_takes(const World& world, Id server, const std::string& type) {
    require_stopped(world, server);
    const auto& ips = world.state().primary_ips;
    if (primary_ip_of(ips, server, type) == ips.end()) return;
    throw ApiError(422, "server_has_" + type, fmt::format("server already has an {}", type));
}

Effect assign_to(Id ip, std::optional<Id> server) {
    return [=](State& state) -> std::optional<ActionError> {
        PrimaryIp* const found = find(state, primary_ips(), ip);
        const bool server_gone = server && find(state, servers(), *server) == nullptr;
        if (found == nullptr || server_gone) {
            return ActionError{"action_failed", "the primary IP or the server is gone"};
        }
        found->assignee = server;
        return std::nullopt;
    };
}

void add_primary_ip_actions(Router& router) {
    router.add("POST", "/v1/primary_ips/{id}/actions/assign", assign);
    router.add("POST", "/v1/primary_ips/{id}/actions/unassign", unassign);
}

}  // namespace hcloud::sim

// GET /floating_ips, /floating_ips/{id}, their actions; assign and unassign.
#include "tests/simulator/api.h"
#include "tests/simulator/catalog.h"
#include "tests/simulator/resources.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

json dns_ptr_json(const FloatingIp& floating) {
    json entries = json::array();
    if (floating.type == "ipv4") {
        const std::uint32_t address = parse_ipv4(floating.ip).value_or(0);
        entries.push_back(
            {{"ip", floating.ip},
             {"dns_ptr", fmt::format("static.{}.{}.{}.{}.clients.your-server.de", address & 0xffU,
                                     address >> 8 & 0xffU, address >> 16 & 0xffU, address >> 24)}});
    }
    return entries;
}

json floating_ip_json(Id id, const FloatingIp& floating) {
    return {{"id", id},
            {"name", floating.name},
            {"description", floating.description},
            {"ip", floating.ip},
            {"type", floating.type},
            {"server", floating.server ? json(*floating.server) : json(nullptr)},
            {"dns_ptr", dns_ptr_json(floating)},
            {"home_location", location_json(floating.home_location)},
            {"blocked", false},
            {"protection", {{"delete", false}}},
            {"labels", floating.labels},
            {"created", kCreated}};
}

const FloatingIp& require_floating_ip(const State& state, Id id) {
    const auto floating = state.floating_ips.find(id);
    if (floating == state.floating_ips.end()) throw not_found("floating IP", std::to_string(id));
    return floating->second;
}

Response get_floating_ips(World& world, const Request& request) {
    std::vector<json> floating_ips;
    for (const auto& [id, floating] : world.state().floating_ips) {
        floating_ips.push_back(floating_ip_json(id, floating));
    }
    return list_response(request, "floating_ips", std::move(floating_ips), {"id", "created"});
}

Response get_floating_ip(World& world, const Request& request) {
    const Id id = path_id(request);
    return json_response(
        200, {{"floating_ip", floating_ip_json(id, require_floating_ip(world.state(), id))}});
}

Response get_floating_ip_actions(World& world, const Request& request) {
    const Id id = path_id(request);
    require_floating_ip(world.state(), id);
    return list_actions(world, request, {id, "floating_ip"});
}

Effect move_to(Id id, std::optional<Id> server) {
    return [=](State& state) -> std::optional<ActionError> {
        const auto floating = state.floating_ips.find(id);
        const bool server_gone = server && state.servers.count(*server) == 0;
        if (floating == state.floating_ips.end() || server_gone) {
            return ActionError{"action_failed", "the floating IP or the server is gone"};
        }
        floating->second.server = server;
        return std::nullopt;
    };
}

Response move(World& world, const char* command, Id id, Id locks, std::optional<Id> to) {
    const Resource server{locks, "server"};
    const Resource floating{id, "floating_ip"};
    require_unlocked(world, server, "server");
    require_unlocked(world, floating, "floating IP");
    ActionPlan plan;
    plan.command = command;
    plan.resources = {server, floating};
    plan.effect = move_to(id, to);
    return created(world, std::move(plan));
}

Response assign(World& world, const Request& request) {
    const Id id = path_id(request);
    const FloatingIp& floating = require_floating_ip(world.state(), id);
    InputFields fields(request);
    const Id server = fields.integer("server");
    fields.finish();
    require_server(world.state(), server);
    if (floating.server == server) {
        // A guess: the code is documented, when exactly it comes is not.
        throw ApiError(422, "floating_ip_assigned", "floating IP is already assigned");
    }
    return move(world, "assign_floating_ip", id, server, server);
}

Response unassign(World& world, const Request& request) {
    const Id id = path_id(request);
    const FloatingIp& floating = require_floating_ip(world.state(), id);
    // A guess: nothing public shows what the real service says here.
    if (!floating.server) throw ApiError(422, "service_error", "floating IP is not assigned");
    return move(world, "unassign_floating_ip", id, *floating.server, std::nullopt);
}

}  // namespace

void add_floating_ips(Router& router) {
    router.add("GET", "/v1/floating_ips", get_floating_ips);
    router.add("GET", "/v1/floating_ips/{id}", get_floating_ip);
    router.add("GET", "/v1/floating_ips/{id}/actions", get_floating_ip_actions);
    router.add("POST", "/v1/floating_ips/{id}/actions/assign", assign);
    router.add("POST", "/v1/floating_ips/{id}/actions/unassign", unassign);
}

}  // namespace hcloud::sim

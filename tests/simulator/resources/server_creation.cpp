// POST /servers: the server is there at once, and what it needs follows in actions.
#include "tests/simulator/resources/firewalls.h"
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/server_order.h"
#include "tests/simulator/resources/server_place.h"
#include "tests/simulator/resources/volumes.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

PrimaryIp new_ip(World& world, const std::string& location, const std::string& type) {
    PrimaryIp ip;
    ip.type = type;
    ip.ip = allot_address(world, type);
    ip.location = location;
    ip.auto_delete = true;
    ip.created = world.now();
    return ip;
}

/// Those that are ordered with the server. Throws ApiError if there cannot be so many.
PrimaryIps new_ips(World& world, const Order& order) {
    PrimaryIps ips;
    for (const auto& [type, given] : order.fields.public_ips) {
        if (given != 0) continue;
        require_below_limit(world, "primary_ips", world.state().primary_ips.size() + ips.size());
        const Id id = world.new_id();
        ips[id] = new_ip(world, order.server.location, type);
        ips[id].name = fmt::format("primary_ip-{}", id);
    }
    return ips;
}

Id add_server(World& world, const Order& order) {
    // Whatever may be refused comes before anything is changed.
    PrimaryIps ips = new_ips(world, order);
    Server server = order.server;
    server.private_net.clear();  // each comes by an action of its own
    const Id id = create(world, servers(), std::move(server));
    world.change([&](State& state) {
        state.servers.at(id).public_mac = made_up_mac("96", id);
        for (auto& [ip_id, ip] : ips) {
            ip.assignee = id;
            state.primary_ips[ip_id] = ip;
        }
        for (const auto& [type, given] : order.fields.public_ips) {
            if (given != 0) state.primary_ips.at(given).assignee = id;
        }
    });
    return id;
}

Id start_creation(World& world, Id id) {
    return world
        .start(
            plan_server_change(id, "create_server", [](Server& server) { server.status = "off"; }))
        .id;
}

/// All that begins when the server has been created.
std::vector<Id> start_next(World& world, Id server, Id creation, const Order& order) {
    std::vector<ActionPlan> plans;
    if (order.fields.start_after_create) plans.push_back(start_server_plan(server));
    for (const PrivateNet& net : order.server.private_net)
        plans.push_back(attach_plan(server, net));
    for (const Id volume : order.fields.volumes)
        plans.push_back(attach_volume_plan(volume, server));
    for (const Id firewall : order.fields.firewalls)
        plans.push_back(apply_firewall_plan(firewall, server));
    std::vector<Id> actions;
    for (ActionPlan& plan : plans) {
        plan.after = creation;
        actions.push_back(world.start(std::move(plan)).id);
    }
    return actions;
}

Response create_server(World& world, const Request& request) {
    const Order order = check_order(world, read_order(world, request));
    const Id id = add_server(world, order);
    const Id creation = start_creation(world, id);
    json next = json::array();
    for (const Id action : start_next(world, id, creation, order))
        next.push_back(action_json(world, world.actions().at(action)));
    const bool keys = !order.server.public_keys.empty();
    return json_response(201,
                         {{"server", show(world, servers(), id)},
                          {"action", action_json(world, world.actions().at(creation))},
                          {"next_actions", next},
                          {"root_password", keys ? json(nullptr) : json(made_up_password(world))}});
}

}  // namespace

void add_server_creation(Router& router) {
    router.add("POST", "/v1/servers", create_server);
}

}  // namespace hcloud::sim

// POST /load_balancers/{id}/actions/attach_to_network, detach_from_network, and the public
// interface.
#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/load_balancer_parts.h"
#include "tests/simulator/resources/load_balancers.h"
#include "tests/simulator/resources/private_ips.h"
#include "tests/simulator/values.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

/// `ip_range` is in the API since September 2025; before, it was one of the keys nobody looks at.
std::optional<std::string> read_range(const World& world, InputFields& fields) {
    if (world.state().profile == Profile::of_2025_06) return std::nullopt;
    return fields.text("ip_range");
}

ActionPlan plan(const char* command, Id balancer, Id network, Effect effect) {
    return {.command = command,
            .resources = {{balancer, "load_balancer"}, {network, "network"}},
            .effect = std::move(effect)};
}

Response attach(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const Id network_id = fields.integer("network");
    const auto ip = fields.text("ip");
    const auto ip_range = read_range(world, fields);
    fields.finish();
    if (balancer.private_net) {
        throw ApiError(422, "load_balancer_already_attached",
                       "load balancer is already attached to a network");
    }
    require_idle(world, load_balancers(), id);
    const LoadBalancerNet net = find_place(world, balancer, network_id, ip, ip_range);
    ActionPlan attaching =
        plan("attach_to_network", id, network_id, [=](State& state) -> std::optional<ActionError> {
            LoadBalancer* const changed = find(state, load_balancers(), id);
            if (changed == nullptr || state.networks.count(network_id) == 0) {
                return ActionError{"action_failed", "the load balancer or the network is gone"};
            }
            changed->private_net = net;
            return std::nullopt;
        });
    attaching.reserved = {{network_id, net.ip}};
    return created(world, std::move(attaching));
}

Response detach(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const Id network = fields.integer("network");
    fields.finish();
    require(world, networks(), network);
    require_idle(world, load_balancers(), id);
    if (!balancer.private_net || balancer.private_net->network != network) {
        throw ApiError(422, "load_balancer_not_attached_to_network",
                       "load balancer is not attached to the network");
    }
    return created(world, plan("detach_from_network", id, network,
                               on<LoadBalancer>(load_balancers(), id, [](LoadBalancer& changed) {
                                   changed.private_net.reset();
                               })));
}

Response enable_public_interface(World& world, const Request& request) {
    const Id id = path_id(request);
    require(world, load_balancers(), id);
    return change_load_balancer(world, "enable_public_interface", id,
                                [](LoadBalancer& changed) { changed.public_interface = true; });
}

Response disable_public_interface(World& world, const Request& request) {
    const Id id = path_id(request);
    require_private(world.state(), require(world, load_balancers(), id));
    return change_load_balancer(world, "disable_public_interface", id,
                                [](LoadBalancer& changed) { changed.public_interface = false; });
}

}  // namespace

LoadBalancerNet find_place(const World& world, const LoadBalancer& balancer, Id network,
                           const std::optional<std::string>& ip,
                           const std::optional<std::string>& ip_range) {
    require(world, networks(), network);
    const std::string_view zone = find_location(balancer.location)->network_zone;
    return {network,
            choose_private_ip(world,
                              {.network = network, .zone = zone, .ip = ip, .ip_range = ip_range})};
}

void require_private(const State& state, const LoadBalancer& balancer) {
    if (!balancer.private_net) {
        throw ApiError(422, "load_balancer_not_attached_to_network",
                       "load balancer is not attached to a network");
    }
    const bool has_public = std::any_of(
        balancer.targets.begin(), balancer.targets.end(),
        [&](const LoadBalancerTarget& target) { return is_public(state, balancer, target); });
    if (!has_public) return;
    throw ApiError(422, "targets_without_use_private_ip",
                   "load balancer has targets that use the public IP");
}

std::vector<Id> load_balancers_in(const State& state, Id network) {
    std::vector<Id> ids;
    for (const auto& [id, balancer] : state.load_balancers) {
        if (balancer.private_net && balancer.private_net->network == network) ids.push_back(id);
    }
    return ids;
}

void detach_load_balancers(State& state, Id network) {
    for (auto& [id, balancer] : state.load_balancers) {
        const auto& net = balancer.private_net;
        if (net && net->network == network) balancer.private_net.reset();
    }
}

void add_load_balancer_networks(Router& router) {
    const std::string path = "/v1/load_balancers/{id}/actions/";
    router.add("POST", path + "attach_to_network", attach);
    router.add("POST", path + "detach_from_network", detach);
    router.add("POST", path + "enable_public_interface", enable_public_interface);
    router.add("POST", path + "disable_public_interface", disable_public_interface);
}

}  // namespace hcloud::sim

// POST /load_balancers/{id}/actions/add_target and remove_target, and what a target resolves to.
#include "tests/simulator/label_selector.h"
#include "tests/simulator/resources/load_balancer_parts.h"
#include "tests/simulator/resources/load_balancers.h"
#include "tests/simulator/values.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

auto find_target(const LoadBalancer& balancer, const LoadBalancerTarget& target) {
    return std::find_if(balancer.targets.begin(), balancer.targets.end(),
                        [&](const LoadBalancerTarget& other) { return other.same_place(target); });
}

void require_attached(const LoadBalancer& balancer) {
    if (balancer.private_net) return;
    throw ApiError(422, "load_balancer_not_attached_to_network",
                   "load balancer is not attached to a network");
}

bool means(const State& state, const LoadBalancer& balancer, const LoadBalancerTarget& target,
           Id server) {
    if (target.type != "label_selector") return target.server == server;
    return LabelSelector::parse(target.selector)->matches(state.servers.at(server).labels) &&
           can_reach(state, balancer, server, target.use_private_ip);
}

/// Codes changed in 2026.
void require_reachable(const World& world, const LoadBalancer& balancer,
                       const LoadBalancerTarget& target) {
    const State& state = world.state();
    const bool old = state.profile == Profile::of_2025_06;
    if (state.servers.count(target.server) == 0) {
        throw ApiError(422, "invalid_input", "cloud target was not found");
    }
    if (can_reach(state, balancer, target.server, target.use_private_ip)) return;
    if (target.use_private_ip) {
        throw ApiError(
            422, old ? "server_not_attached_to_network" : "resolve_cloud_private_targets_error",
            "server is not attached to the network of the load balancer");
    }
    throw ApiError(422, old ? "missing_ipv4" : "resolve_cloud_public_targets_error",
                   "server does not have a public IPv4 address");
}

bool is_of_cloud(const State& state, const std::string& ip) {
    const auto is = [&](const auto& entry) { return entry.second.ip == ip; };
    const auto has = [&](const auto& entry) { return entry.second.ipv4 == ip; };
    return std::any_of(state.primary_ips.begin(), state.primary_ips.end(), is) ||
           std::any_of(state.floating_ips.begin(), state.floating_ips.end(), is) ||
           std::any_of(state.load_balancers.begin(), state.load_balancers.end(), has);
}

void require_allowed_ip(const State& state, const std::string& ip) {
    if (is_of_cloud(state, ip)) {
        throw ApiError(422, "cloud_resource_ip_not_allowed",
                       fmt::format("IP '{}' belongs to a cloud resource", ip));
    }
    const std::string code = state.switches.get("ip_target");
    if (code == "accepted") return;
    throw ApiError(code == "robot_unavailable" ? 503 : 422, code,
                   fmt::format("IP '{}' cannot be a target", ip));
}

Response add_target(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const LoadBalancerTarget target = read_target(fields);
    fields.finish();
    require_target(world, balancer, target);
    return change_load_balancer(world, "add_target", id,
                                [=](LoadBalancer& changed) { changed.targets.push_back(target); });
}

Response remove_target(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const LoadBalancerTarget target = read_target(fields);
    fields.finish();
    if (find_target(balancer, target) == balancer.targets.end()) {
        throw ApiError(422, "load_balancer_target_not_found", "load balancer target not found");
    }
    return change_load_balancer(world, "remove_target", id, [=](LoadBalancer& changed) {
        const auto gone = find_target(changed, target);
        if (gone != changed.targets.end()) changed.targets.erase(gone);
    });
}

}  // namespace

std::optional<std::string> destination_of(const State& state, const LoadBalancer& balancer,
                                          Id server, bool use_private_ip) {
    if (!use_private_ip) return public_ip_of(state, server, "ipv4");
    if (!balancer.private_net) return std::nullopt;
    for (const PrivateNet& net : state.servers.at(server).private_net) {
        if (net.network == balancer.private_net->network) return net.ip;
    }
    return std::nullopt;
}

bool can_reach(const State& state, const LoadBalancer& balancer, Id server, bool use_private_ip) {
    return destination_of(state, balancer, server, use_private_ip).has_value();
}

std::vector<Id> selected_targets(const State& state, const LoadBalancer& balancer,
                                 const LoadBalancerTarget& target) {
    const auto selector = LabelSelector::parse(target.selector);
    std::vector<Id> selected;
    for (const auto& [id, server] : state.servers) {
        if (!selector->matches(server.labels)) continue;
        if (can_reach(state, balancer, id, target.use_private_ip)) selected.push_back(id);
    }
    return selected;
}

LoadBalancerTarget read_target(InputFields& fields) {
    LoadBalancerTarget target;
    target.type = fields.choice("type", {"server", "label_selector", "ip"}, std::nullopt);
    if (!fields.good()) return target;
    auto part = fields.object(target.type, true);
    if (!part) return target;
    if (target.type == "server") {
        target.server = part->integer("id");
    } else if (target.type == "label_selector") {
        target.selector = part->required_text("selector");
        if (!LabelSelector::parse(target.selector)) {
            part->refuse("selector", "Not a valid label selector.");
        }
    } else {
        target.ip = part->required_text("ip");
        if (!target.ip.empty() && !parse_ipv4(target.ip)) part->refuse("ip", "Not a valid IPv4.");
    }
    fields.absorb(*part);
    const bool use_private_ip = fields.boolean("use_private_ip").value_or(false);
    target.use_private_ip = use_private_ip && target.type != "ip";
    return target;
}

void require_target(const World& world, const LoadBalancer& balancer,
                    const LoadBalancerTarget& target) {
    if (find_target(balancer, target) != balancer.targets.end()) {
        throw ApiError(422, "target_already_defined", "load balancer target is already defined");
    }
    if (target.use_private_ip) require_attached(balancer);
    if (target.type == "server") require_reachable(world, balancer, target);
    if (target.type == "ip") require_allowed_ip(world.state(), target.ip);
    require_within(type_of(balancer).max_targets, balancer.targets.size() + 1, "targets");
}

bool is_public(const State& state, const LoadBalancer& balancer, const LoadBalancerTarget& target) {
    if (target.type != "ip") return !target.use_private_ip;
    if (!balancer.private_net) return true;
    const Network& network = state.networks.at(balancer.private_net->network);
    return !parse_range(network.ip_range)->contains(*parse_ipv4(target.ip));
}

std::vector<Id> load_balancers_of(const State& state, Id server) {
    std::vector<Id> ids;
    for (const auto& [id, balancer] : state.load_balancers) {
        for (const LoadBalancerTarget& target : balancer.targets) {
            if (!means(state, balancer, target, server)) continue;
            ids.push_back(id);
            break;
        }
    }
    return ids;
}

void remove_from_load_balancers(State& state, Id server) {
    for (auto& [id, balancer] : state.load_balancers) {
        auto& targets = balancer.targets;
        targets.erase(std::remove_if(targets.begin(), targets.end(),
                                     [&](const LoadBalancerTarget& target) {
                                         return target.server == server;
                                     }),
                      targets.end());
        balancer.health.erase(std::to_string(server));
    }
}

void add_load_balancer_targets(Router& router) {
    router.add("POST", "/v1/load_balancers/{id}/actions/add_target", add_target);
    router.add("POST", "/v1/load_balancers/{id}/actions/remove_target", remove_target);
}

}  // namespace hcloud::sim

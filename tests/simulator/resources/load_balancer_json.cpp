// A load balancer as the API shows it.
#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/dns_ptr.h"
#include "tests/simulator/resources/load_balancer_parts.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

json public_net_json(const LoadBalancer& balancer) {
    const auto& names = balancer.dns_ptr;
    const auto ipv4 = names.find(balancer.ipv4);
    const auto ipv6 = names.find(balancer.ipv6_address());
    return {{"enabled", balancer.public_interface},
            {"ipv4",
             {{"ip", balancer.ipv4},
              {"dns_ptr", ipv4 == names.end() ? standard_dns_ptr(balancer.ipv4) : ipv4->second}}},
            {"ipv6",
             {{"ip", balancer.ipv6_address()},
              {"dns_ptr", ipv6 == names.end() ? json(nullptr) : json(ipv6->second)}}}};
}

json private_net_json(const LoadBalancer& balancer) {
    json nets = json::array();
    if (const auto& net = balancer.private_net) {
        nets.push_back({{"network", net->network}, {"ip", net->ip}});
    }
    return nets;
}

/// A target as its health is shown.
struct ShownTarget {
    std::string name;                    // its server's id, or its IP
    std::optional<std::string> address;  // none: it cannot be reached
    bool running = true;
};

/// What the state says of the target, else what its checks found; where nothing is forwarded, what
/// its server lets expect: the same for every service.
std::string health_of(const World& world, const LoadBalancer& balancer, const ShownTarget& target,
                      const ServicePort& service) {
    const auto said = balancer.health.find(target.name);
    if (said != balancer.health.end()) return said->second;
    if (!target.address) return "unhealthy";
    if (const Forwarding* const forwarding = world.forwarding()) {
        return forwarding->health(service, *target.address);
    }
    return target.running ? "healthy" : "unhealthy";
}

json health_json(const World& world, Id id, const LoadBalancer& balancer,
                 const ShownTarget& target) {
    json list = json::array();
    for (const LoadBalancerService& service : balancer.services) {
        const std::string status = health_of(world, balancer, target, {id, service.listen_port});
        list.push_back({{"listen_port", service.listen_port}, {"status", status}});
    }
    return list;
}

ShownTarget shown_server(const State& state, const LoadBalancer& balancer, Id id,
                         bool use_private_ip) {
    const auto server = state.servers.find(id);
    if (server == state.servers.end()) return {std::to_string(id), std::nullopt, false};
    return {std::to_string(id), destination_of(state, balancer, id, use_private_ip),
            server->second.status == "running"};
}

json server_target_json(const World& world, Id id, const LoadBalancer& balancer, Id server,
                        bool use_private_ip) {
    const ShownTarget shown = shown_server(world.state(), balancer, server, use_private_ip);
    return {{"type", "server"},
            {"server", {{"id", server}}},
            {"health_status", health_json(world, id, balancer, shown)},
            {"use_private_ip", use_private_ip}};
}

json target_json(const World& world, Id id, const LoadBalancer& balancer,
                 const LoadBalancerTarget& target) {
    if (target.type == "server") {
        return server_target_json(world, id, balancer, target.server, target.use_private_ip);
    }
    if (target.type == "ip") {
        return {{"type", "ip"},
                {"ip", {{"ip", target.ip}}},
                {"health_status", health_json(world, id, balancer, {target.ip, target.ip})}};
    }
    json selected = json::array();
    for (const Id server : selected_targets(world.state(), balancer, target)) {
        selected.push_back(server_target_json(world, id, balancer, server, target.use_private_ip));
    }
    return {{"type", "label_selector"},
            {"label_selector", {{"selector", target.selector}}},
            {"use_private_ip", target.use_private_ip},
            {"targets", selected}};
}

std::int64_t included_traffic(const LoadBalancer& balancer) {
    for (const Offer& offer : offers_of(type_of(balancer))) {
        if (offer.location == balancer.location) return offer.included_traffic;
    }
    return 0;
}

}  // namespace

json load_balancer_json(const World& world, Id id, const LoadBalancer& balancer) {
    json services = json::array();
    for (const LoadBalancerService& service : balancer.services)
        services.push_back(service_json(service));
    json targets = json::array();
    for (const LoadBalancerTarget& target : balancer.targets)
        targets.push_back(target_json(world, id, balancer, target));
    return {{"id", id},
            {"name", balancer.name},
            {"public_net", public_net_json(balancer)},
            {"private_net", private_net_json(balancer)},
            {"location", location_json(balancer.location)},
            {"load_balancer_type", load_balancer_types().show(world, type_of(balancer))},
            {"protection", {{"delete", balancer.delete_protection}}},
            {"labels", balancer.labels},
            {"created", world.timestamp(balancer.created)},
            {"services", services},
            {"targets", targets},
            {"algorithm", {{"type", balancer.algorithm}}},
            {"outgoing_traffic", 0},
            {"ingoing_traffic", 0},
            {"included_traffic", included_traffic(balancer)}};
}

}  // namespace hcloud::sim

#include "tests/simulator/forward/services.h"

#include "tests/simulator/resources/load_balancer_parts.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

std::vector<std::string> addresses_of(const LoadBalancer& balancer) {
    std::vector<std::string> addresses;
    if (balancer.public_interface) addresses.push_back(balancer.ipv4);
    if (balancer.private_net) addresses.push_back(balancer.private_net->ip);
    return addresses;
}

/// A target that is there twice, by its id and by a selector, counts once.
class Destinations {
  public:
    explicit Destinations(const LoadBalancer& balancer) : balancer_(balancer) {}

    /// `name`: its server's id, or its IP.
    void add(const std::string& name, const std::optional<std::string>& address) {
        if (!address) return;
        const bool known = std::any_of(list_.begin(), list_.end(), [&](const Destination& other) {
            return other.address == *address;
        });
        if (known) return;
        const auto said = balancer_.health.find(name);
        const bool silent = said == balancer_.health.end();
        list_.push_back({*address, silent ? std::nullopt : std::optional(said->second)});
    }
    std::vector<Destination> take() { return std::move(list_); }

  private:
    const LoadBalancer& balancer_;
    std::vector<Destination> list_;
};

std::vector<Destination> destinations_of(const State& state, const LoadBalancer& balancer) {
    Destinations destinations(balancer);
    for (const LoadBalancerTarget& target : balancer.targets) {
        if (target.type == "ip") {
            destinations.add(target.ip, target.ip);
            continue;
        }
        const std::vector<Id> servers = target.type == "server"
                                            ? std::vector<Id>{target.server}
                                            : selected_targets(state, balancer, target);
        for (const Id server : servers) {
            destinations.add(std::to_string(server),
                             destination_of(state, balancer, server, target.use_private_ip));
        }
    }
    return destinations.take();
}

const LoadBalancerService* find_service(const State& state, const ServicePort& wanted) {
    const auto balancer = state.load_balancers.find(wanted.balancer);
    if (balancer == state.load_balancers.end()) return nullptr;
    for (const LoadBalancerService& service : balancer->second.services) {
        if (service.listen_port == wanted.listen_port) return &service;
    }
    return nullptr;
}

}  // namespace

ForwardedServices forwarded_services(const State& state) {
    ForwardedServices services;
    for (const auto& [id, balancer] : state.load_balancers) {
        for (const LoadBalancerService& service : balancer.services) {
            services[{id, service.listen_port}] = {addresses_of(balancer), service.destination_port,
                                                   service.health_check,
                                                   destinations_of(state, balancer)};
        }
    }
    return services;
}

std::optional<ForwardRoute> choose_route(World& world, const ServicePort& wanted) {
    const State& state = world.state();
    const LoadBalancerService* const service = find_service(state, wanted);
    if (service == nullptr) return std::nullopt;
    const auto address = world.forwarding()->choose(
        wanted, destinations_of(state, state.load_balancers.at(wanted.balancer)));
    if (address) return ForwardRoute{*address, service->destination_port};
    world.forwarding()->refused(wanted);
    return std::nullopt;
}

}  // namespace hcloud::sim

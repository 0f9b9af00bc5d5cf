// Which services are forwarded, from where, to where: read from the state.
#pragma once

#include "tests/simulator/world.h"

namespace hcloud::sim {

/// Every service listens on its load balancer's public IPv4 address, unless that is switched off,
/// and on its address in the network.
ForwardedServices forwarded_services(const State& state);

struct ForwardRoute {
    std::string address;
    std::int64_t port = 0;
};

/// The target for a new connection, which is counted from now on: the caller says when it has
/// ended. std::nullopt if there is none; the client is counted as refused.
std::optional<ForwardRoute> choose_route(World& world, const ServicePort& service);

}  // namespace hcloud::sim

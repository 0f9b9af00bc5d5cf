// What is known of the traffic that the simulated load balancers forward: how their targets are,
// and how many connections each has.
//
// Part of the world, and guarded like it by the Simulation's lock. It opens no socket.
#pragma once

#include "tests/simulator/state/load_balancer.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// One of a load balancer's services.
struct ServicePort {
    Id balancer = 0;
    std::int64_t listen_port = 0;
    auto operator<=>(const ServicePort&) const = default;
};

/// What a target of the state means: an IPv4 address, and the health that the state says it has,
/// whatever its checks say.
struct Destination {
    std::string address;
    std::optional<std::string> health;
};

/// A service as it is forwarded.
struct ForwardedService {
    std::vector<std::string> listen_addresses;
    std::int64_t destination_port = 0;
    HealthCheck check;
    std::vector<Destination> destinations;  // of different addresses
};
using ForwardedServices = std::map<ServicePort, ForwardedService>;

class Forwarding {
  public:
    /// "unknown" until its checks have said otherwise: one success is enough for "healthy"; for
    /// "unhealthy" it takes `retries` failures in a row.
    std::string health(const ServicePort& service, const std::string& address) const;
    void checked(const ServicePort& service, const std::string& address, bool good,
                 std::int64_t retries);

    /// The next healthy one, round robin, which has a connection more from now on; std::nullopt if
    /// there is none.
    std::optional<std::string> choose(const ServicePort& service,
                                      const std::vector<Destination>& destinations);
    /// The connection has ended; `failed`: it never came to be.
    void ended(const ServicePort& service, const std::string& address, bool failed);
    /// A client was turned away: there was no healthy target, or there were too many connections.
    void refused(const ServicePort& service) { ++services_[service].refused; }

    /// Has these services with these targets from now on. A target that is not among them is
    /// "removed" as long as it has connections, and then forgotten.
    void follow(const ForwardedServices& current);

    /// [{load_balancer, listen_port, refused, targets: [{address, health, open, total, failed}]}]
    nlohmann::json describe() const;

  private:
    struct Target {
        std::string health = "unknown";
        std::int64_t failures = 0;  // checks in a row
        std::int64_t open = 0;      // connections
        std::int64_t total = 0;
        std::int64_t failed = 0;
    };
    struct Service {
        std::map<std::string, Target> targets;  // by address
        std::uint64_t next = 0;
        std::int64_t refused = 0;
    };

    static void retire(std::map<std::string, Target>& targets, const std::vector<Destination>& but);

    std::map<ServicePort, Service> services_;
};

}  // namespace hcloud::sim

// Load balancers.
#pragma once

#include "tests/simulator/state/load_balancer_service.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

struct LoadBalancerTarget {
    std::string type;  // server, label_selector or ip
    Id server = 0;     // these three: the one that the type says
    std::string selector;
    std::string ip;
    bool use_private_ip = false;
    bool operator==(const LoadBalancerTarget&) const = default;

    bool same_place(const LoadBalancerTarget& other) const;
};

struct LoadBalancerNet {
    Id network = 0;
    std::string ip;
    bool operator==(const LoadBalancerNet&) const = default;
};

/// Which servers a selector means is looked up in their labels, always anew.
struct LoadBalancer : Entity {
    std::string location;
    std::string load_balancer_type = "lb11";
    std::string algorithm = "round_robin";
    std::string ipv4;
    std::string ipv6;  // a /64; the first address of it is used
    bool public_interface = true;
    std::map<std::string, std::string> dns_ptr;  // by address
    std::optional<LoadBalancerNet> private_net;
    std::vector<LoadBalancerService> services;
    std::vector<LoadBalancerTarget> targets;
    // What the checks say of a target, by its server's id or its IP: healthy, unhealthy or unknown.
    // Without it that follows from the server.
    std::map<std::string, std::string> health;
    bool operator==(const LoadBalancer&) const = default;

    std::string ipv6_address() const;
};

extern const std::vector<std::string> kAlgorithms;

LoadBalancer read_load_balancer(Id id, const nlohmann::json& value,
                                const ObjectReader::Pointer& where);
nlohmann::json document_of(const LoadBalancer& load_balancer);

}  // namespace hcloud::sim

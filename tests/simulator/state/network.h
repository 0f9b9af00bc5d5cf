// Private networks: IPv4 only, subnets and routes inside one range.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

struct Subnet {
    std::string type = "cloud";  // cloud, server (older word for it) or vswitch
    std::string ip_range;
    std::string network_zone = "eu-central";
    std::optional<Id> vswitch;
    bool operator==(const Subnet&) const = default;
};

struct Route {
    std::string destination;
    std::string gateway;
    bool operator==(const Route&) const = default;
};

struct Network : Entity {
    std::string ip_range;
    std::vector<Subnet> subnets;
    std::vector<Route> routes;
    bool expose_routes_to_vswitch = false;
    bool operator==(const Network&) const = default;
};

Network read_network(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const Network& network);

/// Whether the network has that address to give: its first is the gateway, its last the broadcast
/// address, and 172.31.1.1 the gateway of every public interface.
bool usable(const Network& network, const std::string& ip);

}  // namespace hcloud::sim

// The simulated project as plain values: what the state file and /_sim/state describe.
//
// Addresses are text as the API writes them: IPv4 "10.0.0.2", networks in CIDR, IPv6 as a /64.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

using Id = std::int64_t;
using Labels = std::map<std::string, std::string>;

enum class Access { read_write, read_only };

struct RateLimit {
    std::int64_t limit = 3600;  // requests an hour; also the size of the bucket
    std::int64_t remaining = 3600;
    bool operator==(const RateLimit&) const = default;
};

struct Network {
    std::string name;
    std::string ip_range;
    std::vector<std::string> subnets;
    Labels labels;
    bool operator==(const Network&) const = default;
};

struct PrivateNet {
    Id network = 0;
    std::string ip;
    std::vector<std::string> alias_ips;
    std::string mac_address;
    bool operator==(const PrivateNet&) const = default;
};

struct Server {
    std::string name;
    std::string location;
    std::string datacenter;  // metadata's availability-zone only: the API dropped the key in 2026
    std::string region;
    std::optional<std::string> public_ipv4;
    std::optional<std::string> public_ipv6;
    std::string public_mac;
    std::string user_data;
    Labels labels;
    std::vector<PrivateNet> private_net;  // in the order of attachment
    bool operator==(const Server&) const = default;
};

struct FloatingIp {
    std::string name;
    std::string description;
    std::string type;  // ipv4 or ipv6
    std::string ip;
    std::optional<Id> server;
    std::string home_location;
    Labels labels;
    bool operator==(const FloatingIp&) const = default;
};

struct MetadataOptions {
    std::optional<Id> default_server;
    std::chrono::milliseconds lag{0};
    std::string private_networks_when_none = "[]";  // or empty, 204, 404
    std::string public_ipv4_when_none = "404";      // or empty, 204
    bool operator==(const MetadataOptions&) const = default;
};

struct State {
    std::optional<std::map<std::string, Access>>
        tokens;  // none: any bearer token may do everything
    RateLimit rate_limit;
    std::chrono::milliseconds action_duration{500};
    std::map<Id, Network> networks;
    std::map<Id, Server> servers;
    std::map<Id, FloatingIp> floating_ips;
    MetadataOptions metadata;
    bool operator==(const State&) const = default;
};

}  // namespace hcloud::sim

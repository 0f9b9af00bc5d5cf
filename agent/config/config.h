// The configuration as values, checked. Its initialisers are the defaults, and the only place they
// are in. Free of YAML and Poco: the planner's side includes this header. For the meaning of each
// key see keys.cpp.
#pragma once

#include "actions/host/ip.h"
#include "agent/planner/desired.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hcloud::agent {

enum class VerifyBy {
    dmi,       // the DMI serial must equal instance-id
    metadata,  // metadata alone is believed
};

enum class MetadataGuard { off, root_only };

/// A user of this machine.
struct User {
    std::string name;  // as the configuration has it: may be a number
    std::uint32_t uid = 0;
    bool operator==(const User&) const = default;
};

enum class FloatingIpsMode { assigned, off };

/// What the API says is assigned to this server, nothing, or the addresses in this list: IPv4 with
/// /32, IPv6 with the length of its network (64 to 128); no address twice. An empty list wants
/// none.
using FloatingIps = std::variant<FloatingIpsMode, std::vector<host::Prefix>>;

enum class DefaultRoute { off, private_gateway };

struct Config {
    struct Metadata {
        std::string endpoint =
            "http://169.254.169.254/hetzner/v1/metadata";  // http://, no slash at the end
        std::chrono::milliseconds interval{std::chrono::seconds(10)};  // 100 ms to 1 h
        MetadataGuard guard = MetadataGuard::off;
        std::vector<User> guard_users;
        bool operator==(const Metadata&) const = default;
    };
    struct Api {
        std::string endpoint = "https://api.hetzner.cloud/v1";  // https://, or http:// to loopback
        std::string token_file;                                 // absolute; empty: not set
        std::string ca_file;                                    // absolute; empty: not set
        std::chrono::milliseconds interval{std::chrono::seconds(60)};  // 1 s to 1 h
        int reserve = 20;                                              // percent, 0 to 90
        bool operator==(const Api&) const = default;
    };
    struct Identity {
        VerifyBy verify = VerifyBy::dmi;
        bool operator==(const Identity&) const = default;
    };
    struct Network {
        PrivateMode private_networks = PrivateMode::automatic;
        std::chrono::milliseconds dhcp_grace{std::chrono::seconds(5)};  // 0 to 10 min
        FloatingIps floating_ips = FloatingIpsMode::assigned;
        DefaultRoute default_route = DefaultRoute::off;
        bool pin_metadata_route = true;
        bool operator==(const Network&) const = default;
    };
    /// What this server should be in the project. Nothing is written twice: no firewall, network,
    /// load balancer or address.
    struct Register {
        struct Network {
            std::string name;                        // or id
            std::optional<host::IpAddress> ip;       // IPv4; nothing: the next that is free
            std::vector<host::IpAddress> alias_ips;  // IPv4, none of them `ip`
            bool operator==(const Network&) const = default;
        };
        struct LoadBalancer {
            std::string name;  // or id
            bool use_private_ip = false;
            /// From leaving it until the shutdown goes on: 0 to 10 min.
            std::chrono::milliseconds drain{std::chrono::seconds(10)};
            bool operator==(const LoadBalancer&) const = default;
        };
        std::map<std::string, std::string> labels;  // as the API's grammar has them
        std::vector<std::string> firewalls;         // names or ids
        std::vector<Network> networks;
        std::vector<LoadBalancer> load_balancers;
        std::string reverse_dns;                // of the primary IPs; empty: left alone
        bool reverse_dns_floating_ips = false;  // the same name for this server's floating IPs
        /// How long a shutdown waits for the API at most: 1 s to 10 min.
        std::chrono::milliseconds drain_timeout{std::chrono::seconds(30)};
        bool operator==(const Register&) const = default;

        /// Nothing is to be registered.
        bool empty() const {
            return labels.empty() && firewalls.empty() && networks.empty() &&
                   load_balancers.empty() && reverse_dns.empty();
        }
    };
    struct Metrics {
        std::string listen;  // a loopback address and a port, "127.0.0.1:9478"; empty: off
        bool operator==(const Metrics&) const = default;
    };

    Metadata metadata;
    Api api;
    Identity identity;
    Network network;
    Register registration;  // its section is `register`, a word that C++ keeps for itself
    Metrics metrics;
    bool operator==(const Config&) const = default;
};

}  // namespace hcloud::agent

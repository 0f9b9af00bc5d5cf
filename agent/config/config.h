// The configuration as values, checked. Its initialisers are the defaults, and the only place they
// are in. Free of YAML and Poco: the planner's side includes this header. For the meaning of each
// key see keys.cpp.
#pragma once

#include "actions/host/ip.h"
#include "agent/planner/desired.h"

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace hcloud::agent {

enum class VerifyBy {
    dmi,       // the DMI serial must equal instance-id
    metadata,  // metadata alone is believed
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
        bool operator==(const Metadata&) const = default;
    };
    struct Api {
        std::string endpoint = "https://api.hetzner.cloud/v1";  // https://, or http:// to loopback
        std::string token_file;                                 // absolute; empty: not set
        std::string ca_file;                                    // absolute; empty: not set
        std::chrono::milliseconds interval{std::chrono::seconds(60)};  // 1 s to 1 h
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

    Metadata metadata;
    Api api;
    Identity identity;
    Network network;
    bool operator==(const Config&) const = default;
};

}  // namespace hcloud::agent

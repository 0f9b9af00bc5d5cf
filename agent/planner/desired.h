// What this server should look like, as far as is known: the planner's first input.
#pragma once

#include "actions/host/guard.h"
#include "actions/host/ip.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::agent {

/// Why an address is wanted. Written to the ledger beside the address.
namespace purpose {
inline constexpr const char* kPrivate = "private";    // a private network's primary address
inline constexpr const char* kAlias = "alias";        // an alias IP
inline constexpr const char* kFloating = "floating";  // a floating IP
inline constexpr const char* kGuard = "guard";        // of the metadata service; on no link
}  // namespace purpose

/// How much the list beside it says. Only `complete` allows deleting what is not in the list.
enum class Certainty { unknown, partial, complete };

template <typename T>
struct Known {
    Certainty certainty = Certainty::unknown;
    std::vector<T> list;
    bool operator==(const Known&) const = default;
};

struct PrivateNetwork {
    std::string name;
    std::string mac;
    host::IpAddress ip;
    std::vector<host::IpAddress> alias_ips;
    host::IpAddress gateway;
    host::Prefix network;
    bool operator==(const PrivateNetwork&) const = default;
};

enum class PrivateMode {
    automatic,  // finish what DHCP left undone: link, address, routes, alias IPs
    addresses,  // alias IPs only
    off,        // hands off: nothing is added, nothing is deleted
};

struct Desired {
    /// Not empty: something forbids any change (identity); everything stays as it is.
    std::string frozen;

    PrivateMode private_mode = PrivateMode::automatic;
    /// In order of interface_num: the first one carries the default route.
    Known<PrivateNetwork> private_networks;
    bool private_default_route = false;

    /// IPv4 with /32, IPv6 with the prefix length of the network.
    Known<host::Prefix> floating_ips;
    /// By these the public NIC is found.
    std::vector<host::IpAddress> public_addresses;

    /// Where metadata comes from, if its route is to be pinned to the public NIC.
    std::optional<host::IpAddress> pinned_metadata;

    /// Who may reach the metadata service, if it is guarded. Decided by the configuration alone.
    std::optional<host::Guard> guard;

    bool operator==(const Desired&) const = default;
};

}  // namespace hcloud::agent

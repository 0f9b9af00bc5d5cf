// The host's network state as values: what rtnetlink dumps, without rtnetlink.
// Free of libmnl and kernel headers: the planner includes this header.
#pragma once

#include "actions/host/guard.h"
#include "actions/host/ip.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::host {

/// Our mark on routes (RTA_PROTOCOL) and addresses (IFA_PROTO, kernel ≥ 5.18): 'H'. Values below
/// 128 that rtnetlink(7) and iproute2's rt_protos leave free are fit for this.
inline constexpr std::uint8_t kProtocol = 72;

/// Scopes, as in rtnetlink(7). An IPv4 address of scope host is never chosen as a source address
/// but answers ARP, ping and TCP as usual.
enum class Scope : std::uint8_t { universe = 0, site = 200, link = 253, host = 254, nowhere = 255 };

struct Link {
    int index = 0;
    std::string name;
    std::string mac;  // "86:00:00:2a:7d:e0", lower case; empty if the link has none
    std::uint32_t mtu = 0;
    bool up = false;  // IFF_UP: the administrative state
    bool loopback = false;
    bool ipv6_disabled = false;  // by sysctl, or because the kernel has no IPv6
    bool operator==(const Link&) const = default;
};

struct Address {
    int link = 0;
    Prefix prefix;
    Scope scope = Scope::universe;
    std::uint8_t protocol = 0;  // IFA_PROTO; 0 when unset or the kernel has none
    bool no_prefix_route = false;
    bool no_dad = false;      // IPv6
    bool deprecated = false;  // preferred_lft 0
    bool operator==(const Address&) const = default;
};

/// A unicast route of the main table. Others are not observed.
struct Route {
    int link = 0;        // output interface; 0 for one that has none or several (multipath)
    Prefix destination;  // 0.0.0.0/0 or ::/0 is the default route
    std::optional<IpAddress> gateway;
    std::optional<IpAddress> source;  // preferred source (RTA_PREFSRC)
    std::uint32_t metric = 0;
    Scope scope = Scope::universe;
    std::uint8_t protocol = 0;
    bool onlink = false;
    bool operator==(const Route&) const = default;
};

struct Snapshot {
    std::vector<Link> links;
    std::vector<Address> addresses;
    std::vector<Route> routes;
    /// Whether the kernel keeps IFA_PROTO. If not, the ledger alone says what is ours.
    bool has_address_protocol = false;
    GuardState guard;

    const Link* link(int index) const;
    const Link* link_by_mac(const std::string& mac) const;
    bool operator==(const Snapshot&) const = default;
};

}  // namespace hcloud::host

// Files of other managers that name an address which the agent manages.
#pragma once

#include "actions/host/ip.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/view.h"

#include <set>
#include <string>
#include <vector>

namespace hcloud::agent::doctor {

enum class Manager { netplan, networkd, network_manager, ifupdown, cloud_init, keepalived };

/// A place where a file configures an address.
struct Place {
    Manager manager = Manager::netplan;
    std::string file;
    int line = 0;  // 1 is the first
    host::IpAddress ip;
    bool operator==(const Place&) const = default;
};

/// Looks only at what configures addresses: not at gateways, name servers, peers.
std::vector<Place> find_places(View& view, const std::set<host::IpAddress>& wanted);

struct ConflictFacts {
    std::vector<Place> places;
    /// Primary addresses in private networks: that others configure them is what the agent expects.
    std::set<host::IpAddress> primary;
    bool hc_utils = false;  // Hetzner's package, which runs DHCP on private NICs
};
Findings judge(const ConflictFacts& facts);

}  // namespace hcloud::agent::doctor

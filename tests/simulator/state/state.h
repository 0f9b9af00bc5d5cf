// The simulated project as plain values: what the state file and /_sim/state describe.
//
// Addresses are text as the API writes them: IPv4 "10.0.0.2", networks in CIDR, IPv6 as a /64.
#pragma once

#include "tests/simulator/state/certificate.h"
#include "tests/simulator/state/firewall.h"
#include "tests/simulator/state/floating_ip.h"
#include "tests/simulator/state/image.h"
#include "tests/simulator/state/load_balancer.h"
#include "tests/simulator/state/network.h"
#include "tests/simulator/state/options.h"
#include "tests/simulator/state/placement_group.h"
#include "tests/simulator/state/primary_ip.h"
#include "tests/simulator/state/server.h"
#include "tests/simulator/state/ssh_key.h"
#include "tests/simulator/state/switches.h"
#include "tests/simulator/state/volume.h"

#include <map>
#include <optional>

namespace hcloud::sim {

/// A new kind of resource is a line here, in each_kind() and in state_json.cpp.
struct State {
    Profile profile = Profile::of_2026_11;
    std::optional<Tokens> tokens;  // none: any bearer token may do everything
    RateLimit rate_limit;
    ActionOptions actions;
    Limits limits;
    OutOfStock out_of_stock;
    Switches switches;
    MetadataOptions metadata;

    std::map<Id, Network> networks;
    std::map<Id, Server> servers;
    std::map<Id, FloatingIp> floating_ips;
    PrimaryIps primary_ips;
    std::map<Id, Volume> volumes;
    std::map<Id, SshKey> ssh_keys;
    std::map<Id, Certificate> certificates;
    std::map<Id, Firewall> firewalls;
    std::map<Id, Image> images;
    std::map<Id, PlacementGroup> placement_groups;
    std::map<Id, LoadBalancer> load_balancers;
    bool operator==(const State&) const = default;
};

/// Calls `visit` for each kind of resource: with what the API calls several of it, and the entries.
template <typename AnyState, typename Visit>
void each_kind(AnyState& state, Visit visit) {
    visit("networks", state.networks);
    visit("servers", state.servers);
    visit("floating_ips", state.floating_ips);
    visit("primary_ips", state.primary_ips);
    visit("volumes", state.volumes);
    visit("ssh_keys", state.ssh_keys);
    visit("certificates", state.certificates);
    visit("firewalls", state.firewalls);
    visit("images", state.images);
    visit("placement_groups", state.placement_groups);
    visit("load_balancers", state.load_balancers);
}

/// Its public IPv4 address, or its IPv6 /64; none if it has none. `type` is "ipv4" or "ipv6".
std::optional<std::string> public_ip_of(const State& state, Id server, const std::string& type);

}  // namespace hcloud::sim

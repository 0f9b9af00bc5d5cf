// Private NICs, and the addresses that this server should have: there, once, on the right NIC, and
// answering.
#pragma once

#include "actions/host/types.h"
#include "agent/doctor/finding.h"
#include "agent/planner/desired.h"
#include "agent/planner/plan.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent::doctor {

/// What the kernel does with packets that come in through a link: the stricter of the link's own
/// sysctl and that of "all".
struct Answering {
    int arp_ignore = 0;
    int arp_filter = 0;
    int rp_filter = 0;
};

struct AddressFacts {
    Desired desired;
    host::Snapshot observed;
    Plan plan;            // what is to be done on `observed`, were the agent to look now
    int public_link = 0;  // where floating IPs belong; 0: there is none
    std::map<int, Answering> answering;  // by link
    /// Whether the agent is at work. If not, what is missing is missing for that.
    bool agent_runs = true;
    std::set<std::string> contested;     // Item::what of those that the agent reports as contested
    std::set<std::string> left_to_dhcp;  // and of those that it leaves to DHCP for now
};

/// Whether the agent has yet to touch the network's NIC: DHCP may bring its address.
bool is_left_to_dhcp(const AddressFacts& facts, const PrivateNetwork& network);

/// Links that are missing, down, too wide, or left to DHCP. What follows from that is not told
/// again by judge_addresses().
Findings judge_nics(const AddressFacts& facts);
Findings judge_addresses(const AddressFacts& facts);
/// sysctls that keep an address silent.
Findings judge_answering(const AddressFacts& facts);

/// Of a floating IP that the configuration lists: who has it, by the API.
struct FloatingIpHolder {
    host::IpAddress ip;
    std::optional<std::int64_t> server;  // nothing: it is assigned to none
};
Findings judge_holders(const std::vector<FloatingIpHolder>& holders, std::int64_t us);

/// The addresses of a plan's items: what the agent manages, or would.
std::vector<const Item*> address_items(const Plan& plan);

}  // namespace hcloud::agent::doctor

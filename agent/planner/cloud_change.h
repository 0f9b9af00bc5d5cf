// A change of this server's place in the project, as the planner asks for it.
#pragma once

#include "actions/cloud/types.h"
#include "agent/planner/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hcloud::agent {

/// Of all labels, these: the API knows only to replace them all.
struct MergeLabels {
    cloud::Labels set;
    cloud::Labels remove;  // only while the value is still this
    bool operator==(const MergeLabels&) const = default;
};
struct ApplyFirewall {
    std::int64_t firewall = 0;
    std::string name;
    bool operator==(const ApplyFirewall&) const = default;
};
struct RemoveFirewall {
    std::int64_t firewall = 0;
    bool operator==(const RemoveFirewall&) const = default;
};
struct AttachToNetwork {
    std::int64_t network = 0;
    std::string name;
    std::optional<std::string> ip;
    std::vector<std::string> alias_ips;
    bool operator==(const AttachToNetwork&) const = default;
};
/// Of all alias IPs in a network, these: the API knows only to replace them all.
struct MergeAliasIps {
    std::int64_t network = 0;
    std::string name;
    std::vector<std::string> add;
    std::vector<std::string> remove;
    bool operator==(const MergeAliasIps&) const = default;
};
struct AddTarget {
    std::int64_t load_balancer = 0;
    std::string name;
    bool use_private_ip = false;
    bool operator==(const AddTarget&) const = default;
};
struct RemoveTarget {
    std::int64_t load_balancer = 0;
    std::string name;
    bool operator==(const RemoveTarget&) const = default;
};
struct ChangeDnsPtr {
    std::int64_t floating_ip = 0;  // 0: a primary IP, by way of the server
    std::string ip;
    std::string name;
    bool operator==(const ChangeDnsPtr&) const = default;
};

using CloudChange = std::variant<MergeLabels, ApplyFirewall, RemoveFirewall, AttachToNetwork,
                                 MergeAliasIps, AddTarget, RemoveTarget, ChangeDnsPtr>;

/// "add target to load balancer web by the private IP"
std::string describe(const CloudChange& change);
/// '+', '-' or '~', as in the output of `plan`.
char sign(const CloudChange& change);
/// Everything that it adds, changes or removes.
std::vector<Key> keys(const CloudChange& change);

// The keys of what can be registered: for damping, and for the record of what is ours.
Key label_key(const std::string& label);
Key firewall_key(std::int64_t firewall);
Key network_key(std::int64_t network);
Key alias_ip_key(std::int64_t network, const std::string& ip);
Key target_key(std::int64_t load_balancer);
Key dns_ptr_key(const std::string& ip);
/// While a name stands for nothing, it has no id.
Key unresolved_key(Key::Kind kind, const std::string& name);

/// The number in a key made of an id.
std::int64_t id_of(const Key& key);

}  // namespace hcloud::agent

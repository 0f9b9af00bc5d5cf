// Firewalls: rules, and the servers that they are for.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hcloud::sim {

struct FirewallRule {
    std::string direction;            // in or out
    std::string protocol;             // tcp, udp, icmp, esp or gre
    std::optional<std::string> port;  // "80" or "80-85"; tcp and udp only
    std::vector<std::string> source_ips;
    std::vector<std::string> destination_ips;
    std::optional<std::string> description;
    bool operator==(const FirewallRule&) const = default;
};

/// Which servers a selector means is looked up in their labels, always anew.
struct Firewall : Entity {
    std::vector<FirewallRule> rules;
    std::vector<Id> servers;             // in the order in which it was applied
    std::vector<std::string> selectors;  // likewise
    bool operator==(const Firewall&) const = default;
};

/// A field's name, and what is wrong with it.
using Faults = std::vector<std::pair<std::string, std::string>>;

extern const std::vector<std::string> kDirections;
extern const std::vector<std::string> kFirewallProtocols;

/// What is wrong with a rule whose direction and protocol are among the above.
Faults faults_in(const FirewallRule& rule);
/// Why there are too many rules; std::nullopt if there are not.
std::optional<std::string> fault_in_number(const std::vector<FirewallRule>& rules);

Firewall read_firewall(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const Firewall& firewall);
/// As the document and the API show it.
nlohmann::json rule_json(const FirewallRule& rule);

}  // namespace hcloud::sim

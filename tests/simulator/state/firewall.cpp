#include "tests/simulator/state/firewall.h"

#include "tests/simulator/label_selector.h"
#include "tests/simulator/values.h"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = ObjectReader::Pointer;

constexpr std::size_t kMaxRules = 50;
constexpr std::size_t kMaxEffectiveRules = 500;  // one for each address of each rule
constexpr std::size_t kMaxAddresses = 100;
constexpr std::size_t kLongestDescription = 255;

bool is_port_or_range(const std::string& text) {
    static const std::regex kPorts("([1-9][0-9]{0,4})(-([1-9][0-9]{0,4}))?");
    std::smatch parts;
    if (!std::regex_match(text, parts, kPorts)) return false;
    const int first = std::stoi(parts[1]);
    const int last = parts[3].matched ? std::stoi(parts[3]) : first;
    return first <= last && last <= 65'535;
}

void check_port(const FirewallRule& rule, Faults& faults) {
    const bool has_ports = rule.protocol == "tcp" || rule.protocol == "udp";
    if (has_ports && !rule.port) {
        faults.emplace_back("port", fmt::format("Is needed for {}.", rule.protocol));
    } else if (!has_ports && rule.port) {
        faults.emplace_back("port", fmt::format("{} has no ports.", rule.protocol));
    } else if (rule.port && !is_port_or_range(*rule.port)) {
        faults.emplace_back("port", "Not a valid port or port range.");
    }
}

void check_addresses(const std::string& field, const std::vector<std::string>& list, bool used,
                     Faults& faults) {
    if (used && list.empty()) faults.emplace_back(field, "May not be empty for this direction.");
    if (!used && !list.empty()) faults.emplace_back(field, "Must be empty for this direction.");
    if (list.size() > kMaxAddresses) {
        faults.emplace_back(field, fmt::format("Must not have more than {}.", kMaxAddresses));
    }
    for (const std::string& cidr : list) {
        if (is_cidr(cidr)) continue;
        faults.emplace_back(field, fmt::format("'{}' is no network in CIDR notation.", cidr));
        return;
    }
}

FirewallRule read_rule(const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    FirewallRule rule;
    rule.direction = reader.choice("direction", kDirections, "in");
    rule.protocol = reader.choice("protocol", kFirewallProtocols, "tcp");
    const json* const port = reader.find("port");
    if (port != nullptr) rule.port = port->is_string() ? port->get<std::string>() : port->dump();
    rule.source_ips = reader.texts("source_ips");
    rule.destination_ips = reader.texts("destination_ips");
    rule.description = reader.text("description");
    reader.finish();
    const Faults faults = faults_in(rule);
    if (!faults.empty()) reader.fail(faults.front().first, faults.front().second);
    return rule;
}

}  // namespace

const std::vector<std::string> kDirections{"in", "out"};
const std::vector<std::string> kFirewallProtocols{"tcp", "udp", "icmp", "esp", "gre"};

Faults faults_in(const FirewallRule& rule) {
    Faults faults;
    check_port(rule, faults);
    check_addresses("source_ips", rule.source_ips, rule.direction == "in", faults);
    check_addresses("destination_ips", rule.destination_ips, rule.direction == "out", faults);
    if (rule.description.value_or("").size() > kLongestDescription) {
        faults.emplace_back("description",
                            fmt::format("Longer than maximum length {}.", kLongestDescription));
    }
    return faults;
}

std::optional<std::string> fault_in_number(const std::vector<FirewallRule>& rules) {
    if (rules.size() > kMaxRules) return fmt::format("Longer than maximum length {}.", kMaxRules);
    std::size_t effective = 0;
    for (const FirewallRule& rule : rules)
        effective += rule.source_ips.size() + rule.destination_ips.size();
    if (effective <= kMaxEffectiveRules) return std::nullopt;
    return fmt::format("More than {} effective rules.", kMaxEffectiveRules);
}

Firewall read_firewall(Id id, const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    Firewall firewall;
    reader.entity(firewall, fmt::format("firewall-{}", id));
    reader.each("rules", [&](const json& rule, const Pointer& place) {
        firewall.rules.push_back(read_rule(rule, place));
    });
    if (const auto fault = fault_in_number(firewall.rules)) reader.fail("rules", *fault);
    firewall.servers = reader.ids("servers");
    firewall.selectors = reader.texts("selectors");
    for (const std::string& selector : firewall.selectors) {
        if (LabelSelector::parse(selector)) continue;
        reader.fail("selectors", fmt::format("'{}' is no label selector", selector));
    }
    reader.finish();
    return firewall;
}

json rule_json(const FirewallRule& rule) {
    return {{"description", or_null(rule.description)},
            {"direction", rule.direction},
            {"source_ips", rule.source_ips},
            {"destination_ips", rule.destination_ips},
            {"protocol", rule.protocol},
            {"port", or_null(rule.port)}};
}

json document_of(const Firewall& firewall) {
    json document = entity_document(firewall);
    document["rules"] = json::array();
    for (const FirewallRule& rule : firewall.rules)
        document["rules"].push_back(rule_json(rule));
    document["servers"] = firewall.servers;
    document["selectors"] = firewall.selectors;
    return document;
}

}  // namespace hcloud::sim

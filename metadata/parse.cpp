#include "metadata/parse.h"

#include "metadata/text.h"
#include "metadata/yaml.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace hcloud::metadata {

namespace {

using Canonical = std::optional<std::string> (*)(const std::string&);

std::string canonical_at(const YAML::Node& mapping, const std::string& key, Canonical canonical,
                         const char* what) {
    const auto text = required_text_at(mapping, key);
    const auto value = canonical(text);
    if (!value) throw ParseError(fmt::format("{}: {} is not {}", key, in_quotes(text), what));
    return *value;
}

/// What repeats the primary address or an earlier alias says nothing new and is left out.
std::vector<std::string> parse_alias_ips(const YAML::Node& entry, const std::string& primary) {
    const auto list = entry["alias_ips"];
    if (!list.IsDefined() || list.IsNull()) return {};
    if (!list.IsSequence()) {
        throw ParseError(fmt::format("alias_ips: expected a list, got {}", kind_of(list)));
    }
    std::vector<std::string> aliases;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const YAML::Node item = list[i];
        const auto address = item.IsScalar() ? canonical_ipv4(item.Scalar()) : std::nullopt;
        if (!address) {
            const auto what = item.IsScalar() ? in_quotes(item.Scalar()) : kind_of(item);
            throw ParseError(fmt::format("alias_ips[{}]: {} is not an IPv4 address", i, what));
        }
        const bool known = *address == primary ||
                           std::find(aliases.begin(), aliases.end(), *address) != aliases.end();
        if (!known) aliases.push_back(*address);
    }
    return aliases;
}

PrivateNetwork parse_private_network(const YAML::Node& entry) {
    PrivateNetwork network;
    network.mac_address = canonical_at(entry, "mac_address", canonical_mac, "a MAC address");
    network.ip = canonical_at(entry, "ip", canonical_ipv4, "an IPv4 address");
    network.alias_ips = parse_alias_ips(entry, network.ip);
    network.network = canonical_at(entry, "network", canonical_ipv4_network,
                                   "an IPv4 network such as 10.0.0.0/8");
    network.gateway = canonical_at(entry, "gateway", canonical_ipv4, "an IPv4 address");
    if (!text_at(entry, "subnet").value_or("").empty()) {
        network.subnet = canonical_at(entry, "subnet", canonical_ipv4_network,
                                      "an IPv4 network such as 10.0.0.0/8");
    }
    network.network_name = text_at(entry, "network_name").value_or("");
    network.network_id = number_at(entry, "network_id").value_or(0);
    network.interface_num = number_at(entry, "interface_num").value_or(0);
    return network;
}

/// "entry 2 (mac 86:00:00:2a:7d:e0)", as far as the entry tells.
std::string name_of(std::size_t index, const YAML::Node& entry) {
    if (entry.IsMap()) {
        const auto mac = entry["mac_address"];
        if (mac.IsDefined() && mac.IsScalar()) {
            return fmt::format("entry {} (mac {})", index, printable(mac.Scalar(), 40));
        }
    }
    return fmt::format("entry {}", index);
}

void add_network(PrivateNetworks& result, std::set<std::string>& macs, const YAML::Node& entry) {
    if (!entry.IsMap()) {
        throw ParseError(fmt::format("expected a mapping, got {}", kind_of(entry)));
    }
    auto network = parse_private_network(entry);
    if (!macs.insert(network.mac_address).second) {
        throw ParseError("mac_address: an earlier entry has the same one");
    }
    result.entries.push_back(std::move(network));
}

void add_static_addresses(NetworkConfig& config, const YAML::Node& interface) {
    const auto subnets = interface["subnets"];
    if (!subnets.IsDefined() || !subnets.IsSequence()) return;
    for (const YAML::Node& subnet : subnets) {
        if (!subnet.IsMap()) continue;
        const auto address = subnet["address"];
        if (!address.IsDefined() || !address.IsScalar()) continue;
        const auto canonical = canonical_interface_address(address.Scalar());
        if (canonical) config.addresses.push_back(*canonical);
    }
}

/// Undocumented, so nothing in it may be relied on: what has another shape than expected is left
/// out. The list also holds entries that are no interface ("type: nameserver"); only interfaces
/// have a MAC.
NetworkConfig parse_network_config(const YAML::Node& node) {
    NetworkConfig result;
    if (!node.IsDefined() || !node.IsMap()) return result;
    const auto config = node["config"];
    if (!config.IsDefined() || !config.IsSequence()) return result;
    for (const YAML::Node& interface : config) {
        if (!interface.IsMap()) continue;
        const auto mac = interface["mac_address"];
        if (!mac.IsDefined() || !mac.IsScalar()) continue;
        const auto canonical = canonical_mac(mac.Scalar());
        if (!canonical) continue;
        result.mac_address = *canonical;
        add_static_addresses(result, interface);
        break;  // there is one public interface
    }
    return result;
}

std::string parse_hostname(const YAML::Node& root) {
    auto hostname = required_text_at(root, "hostname");
    const bool usable =
        !hostname.empty() &&
        std::all_of(hostname.begin(), hostname.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!usable)
        throw ParseError(fmt::format("hostname: {} is not a host name", in_quotes(hostname)));
    return hostname;
}

std::optional<std::string> parse_public_ipv4(const YAML::Node& root) {
    if (text_at(root, "public-ipv4").value_or("").empty()) return std::nullopt;
    return canonical_at(root, "public-ipv4", canonical_ipv4, "an IPv4 address");
}

}  // namespace

Root parse_root(const std::string& body) {
    const YAML::Node document = load_untrusted(body);
    if (!document.IsMap()) {
        throw ParseError(fmt::format("expected a mapping, got {}", kind_of(document)));
    }
    Root root;
    const auto id = number_at(document, "instance-id");
    if (!id) throw ParseError("instance-id is missing");
    if (*id == 0) throw ParseError("instance-id: expected a positive number, got 0");
    root.instance_id = *id;
    root.hostname = parse_hostname(document);
    root.public_ipv4 = parse_public_ipv4(document);
    root.availability_zone = text_at(document, "availability-zone").value_or("");
    root.region = text_at(document, "region").value_or("");
    root.network_config = parse_network_config(document["network-config"]);
    return root;
}

PrivateNetworks parse_private_networks(const std::string& body) {
    const YAML::Node document = load_untrusted(body);
    if (!document.IsSequence()) {
        throw ParseError(fmt::format("expected a list, got {}", kind_of(document)));
    }
    PrivateNetworks result;
    std::set<std::string> macs;
    for (std::size_t i = 0; i < document.size(); ++i) {
        const YAML::Node entry = document[i];
        try {
            add_network(result, macs, entry);
        } catch (const ParseError& error) {
            result.broken.push_back(fmt::format("{}: {}", name_of(i, entry), error.what()));
        }
    }
    return result;
}

std::string_view trim(std::string_view text) {
    static constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace hcloud::metadata

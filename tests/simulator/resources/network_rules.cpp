#include "tests/simulator/resources/network_rules.h"

#include "tests/simulator/values.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using Refusal = std::optional<std::string>;

const char* const kEverything = "0.0.0.0/0";
const char* const kPublicGateway = "172.31.1.1";  // of every server's public interface
constexpr int kSmallestNetwork = 24;
constexpr int kSmallestSubnet = 30;
constexpr int kSubnetUnlessAsked = 24;

bool is_private(const Ipv4Range& range) {
    static const std::vector<Ipv4Range> kPrivate{
        *parse_range("10.0.0.0/8"), *parse_range("172.16.0.0/12"), *parse_range("192.168.0.0/16")};
    return std::any_of(kPrivate.begin(), kPrivate.end(),
                       [&](const Ipv4Range& known) { return known.contains(range); });
}

bool overlaps_subnet(const Network& network, const Ipv4Range& range) {
    return std::any_of(network.subnets.begin(), network.subnets.end(), [&](const Subnet& subnet) {
        return parse_range(subnet.ip_range)->overlaps(range);
    });
}

/// A default route overlaps with nothing: every other route and subnet is more specific.
bool overlaps_route(const Network& network, const Ipv4Range& range) {
    return std::any_of(network.routes.begin(), network.routes.end(), [&](const Route& route) {
        return route.destination != kEverything && parse_range(route.destination)->overlaps(range);
    });
}

bool has_default_route(const Network& network) {
    return std::any_of(network.routes.begin(), network.routes.end(),
                       [](const Route& route) { return route.destination == kEverything; });
}

bool behind_vswitch(const Network& network, std::uint32_t address) {
    return std::any_of(network.subnets.begin(), network.subnets.end(), [&](const Subnet& subnet) {
        return subnet.type == "vswitch" && parse_range(subnet.ip_range)->contains(address);
    });
}

}  // namespace

const std::vector<std::string>& network_zones() {
    static const std::vector<std::string> kZones{"eu-central", "us-east", "us-west",
                                                 "ap-southeast"};
    return kZones;
}

Refusal fault_in_network_range(const std::string& ip_range) {
    const auto range = parse_range(ip_range);
    if (!range) return "Not a valid IPv4 network.";
    if (!is_private(*range)) return "Not one of the private ranges of RFC 1918.";
    if (range->prefix > kSmallestNetwork) return "The smallest network is a /24.";
    return std::nullopt;
}

Refusal fault_in_extension(const Network& network, const std::string& ip_range) {
    if (auto fault = fault_in_network_range(ip_range)) return fault;
    const Ipv4Range now = *parse_range(network.ip_range);
    const Ipv4Range wanted = *parse_range(ip_range);
    if (wanted.base == now.base && wanted.prefix <= now.prefix) return std::nullopt;
    return "A range can only be extended, and only at its end.";
}

Refusal fault_in_subnet_range(const Network& network, const std::string& ip_range) {
    const auto range = parse_range(ip_range);
    if (!range) return "Not a valid IPv4 network.";
    if (!parse_range(network.ip_range)->contains(*range)) return "Not inside the network's range.";
    if (range->prefix > kSmallestSubnet) return "The smallest subnet is a /30.";
    if (overlaps_subnet(network, *range)) return "Overlaps with another subnet.";
    if (overlaps_route(network, *range)) return "Overlaps with the destination of a route.";
    return std::nullopt;
}

Refusal fault_in_destination(const Network& network, const std::string& destination) {
    if (destination == kEverything) {
        return has_default_route(network) ? Refusal("Overlaps with another route.") : std::nullopt;
    }
    const auto range = parse_range(destination);
    if (!range) return "Not a valid IPv4 network.";
    if (!is_private(*range)) return "Neither a private range of RFC 1918 nor 0.0.0.0/0.";
    if (range->contains(*parse_ipv4(kPublicGateway))) return "Overlaps with 172.31.1.1.";
    if (overlaps_subnet(network, *range)) return "Overlaps with a subnet.";
    if (overlaps_route(network, *range)) return "Overlaps with another route.";
    return std::nullopt;
}

Refusal fault_in_gateway(const Network& network, const std::string& gateway, bool outside) {
    const auto address = parse_ipv4(gateway);
    const Ipv4Range range = *parse_range(network.ip_range);
    if (!address) return "Not a valid IPv4 address.";
    if (gateway == kPublicGateway) return "172.31.1.1 is reserved.";
    if (*address == range.base + 1) return "The first IP of the network is reserved.";
    if (behind_vswitch(network, *address)) return "Behind a vSwitch.";
    if (!outside && !range.contains(*address)) return "Not inside the network's range.";
    return std::nullopt;
}

std::optional<std::string> free_subnet_range(const Network& network) {
    const Ipv4Range whole = *parse_range(network.ip_range);
    const std::uint64_t step = Ipv4Range{0, kSubnetUnlessAsked}.size();
    for (std::uint64_t offset = 0; offset + step <= whole.size(); offset += step) {
        const auto base = whole.base + static_cast<std::uint32_t>(offset);
        std::string range = fmt::format("{}/{}", format_ipv4(base), kSubnetUnlessAsked);
        if (!fault_in_subnet_range(network, range)) return range;
    }
    return std::nullopt;
}

}  // namespace hcloud::sim

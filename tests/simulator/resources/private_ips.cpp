#include "tests/simulator/resources/private_ips.h"

#include "tests/simulator/http_types.h"
#include "tests/simulator/values.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

ApiError no_subnet() {
    return {422, "no_subnet_available", "no subnet or IP is available in the network"};
}

/// Walks the subnets of the zone, but those that are coupled with a vSwitch.
std::string first_free(const World& world, const WantedIp& wanted) {
    const Network& network = world.state().networks.at(wanted.network);
    for (const Subnet& subnet : network.subnets) {
        if (subnet.type == "vswitch" || subnet.network_zone != wanted.zone) continue;
        if (wanted.ip_range && subnet.ip_range != *wanted.ip_range) continue;
        const Ipv4Range range = *parse_range(subnet.ip_range);
        for (std::uint64_t offset = 1; offset + 1 < range.size(); ++offset) {
            std::string ip = format_ipv4(range.base + static_cast<std::uint32_t>(offset));
            const bool free = usable(network, ip) && wanted.taken.count(ip) == 0;
            if (free && !world.ip_in_use({wanted.network, ip})) return ip;
        }
    }
    throw no_subnet();
}

const Subnet* subnet_around(const Network& network, const std::string& ip) {
    for (const Subnet& subnet : network.subnets) {
        if (parse_range(subnet.ip_range)->contains(*parse_ipv4(ip))) return &subnet;
    }
    return nullptr;
}

}  // namespace

std::string choose_private_ip(const World& world, const WantedIp& wanted) {
    if (!wanted.ip) return first_free(world, wanted);
    require_free(world, wanted.network, *wanted.ip);
    // It may be in a subnet of the zone, or in none.
    const Subnet* const around =
        subnet_around(world.state().networks.at(wanted.network), *wanted.ip);
    if (around != nullptr && around->network_zone != wanted.zone) throw no_subnet();
    if (!wanted.ip_range || (around != nullptr && around->ip_range == *wanted.ip_range)) {
        return *wanted.ip;
    }
    throw ApiError(422, "ip_not_available",
                   fmt::format("IP '{}' is not in {}", *wanted.ip, *wanted.ip_range));
}

void require_free(const World& world, Id network, const std::string& ip) {
    const auto known = world.state().networks.find(network);
    const bool good = known != world.state().networks.end() && usable(known->second, ip);
    if (good && !world.ip_in_use({network, ip})) return;
    throw ApiError(422, "ip_not_available", fmt::format("IP '{}' is not available", ip));
}

}  // namespace hcloud::sim

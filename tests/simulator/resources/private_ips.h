// Addresses in private networks, for servers and load balancers.
#pragma once

#include "tests/simulator/world.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace hcloud::sim {

struct WantedIp {
    Id network = 0;  // must be there
    std::string_view zone;
    std::optional<std::string> ip;        // none: the first that is free
    std::optional<std::string> ip_range;  // the subnet to take it from; none: any
    std::set<std::string> taken = {};     // addresses that are wanted otherwise
};

/// Throws ApiError 422: ip_not_available, no_subnet_available.
std::string choose_private_ip(const World& world, const WantedIp& wanted);
/// Throws ApiError 422 ip_not_available.
void require_free(const World& world, Id network, const std::string& ip);

}  // namespace hcloud::sim

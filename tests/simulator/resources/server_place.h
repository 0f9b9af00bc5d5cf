// A server's place in a private network: which address it gets, and whether it may.
#pragma once

#include "tests/simulator/world.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

inline constexpr std::size_t kMaxNetworksPerServer = 3;
inline constexpr std::size_t kMaxAliasIpsPerNetwork = 5;

struct WantedPlace {
    Id network = 0;
    std::optional<std::string> ip;        // none: the first that is free
    std::optional<std::string> ip_range;  // the subnet to take it from; none: any
    std::vector<std::string> alias_ips;
};

/// For a server that exists or is to be created; its MAC address is left open. Throws ApiError.
PrivateNet choose_place(const World& world, const Server& server, const WantedPlace& wanted);
/// Attaches the server at that place when the action ends; its addresses are taken at once.
ActionPlan attach_plan(Id server, PrivateNet net);

}  // namespace hcloud::sim

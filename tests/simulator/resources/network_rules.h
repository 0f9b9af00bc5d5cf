// What the reference allows as ranges, subnets and routes of a network.
#pragma once

#include "tests/simulator/state/network.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

/// "eu-central", …
const std::vector<std::string>& network_zones();

// Each says what is wrong, or std::nullopt. The network's own range must be a range already.
std::optional<std::string> fault_in_network_range(const std::string& ip_range);
/// For a network that has it to take that range instead.
std::optional<std::string> fault_in_extension(const Network& network, const std::string& ip_range);
std::optional<std::string> fault_in_subnet_range(const Network& network,
                                                 const std::string& ip_range);
std::optional<std::string> fault_in_destination(const Network& network,
                                                const std::string& destination);
/// `outside`: whether it may be an address outside the network.
std::optional<std::string> fault_in_gateway(const Network& network, const std::string& gateway,
                                            bool outside);

/// The first /24 of the network that is still free; std::nullopt if there is none.
std::optional<std::string> free_subnet_range(const Network& network);

}  // namespace hcloud::sim

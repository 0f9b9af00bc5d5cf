// What a firewall is applied to and removed from.
#pragma once

#include "tests/simulator/resources/kinds.h"

#include <string>
#include <vector>

namespace hcloud::sim {

struct FirewallResource {
    Id server = 0;  // or, if that is 0,
    std::string selector;
    bool operator==(const FirewallResource&) const = default;
};
using FirewallResources = std::vector<FirewallResource>;

FirewallResources read_firewall_resources(InputFields& fields, const std::string& name,
                                          bool required);
/// Throws ApiError if a firewall could not be created for them.
void require_applicable_to_new(const World& world, const FirewallResources& resources);
/// Returns the actions.
std::vector<nlohmann::json> start_applying(World& world, Id firewall,
                                           const FirewallResources& resources);

void add_firewall_resources(Router& router);

}  // namespace hcloud::sim

// Load balancer types.
#pragma once

#include "tests/simulator/resources/catalog_kind.h"
#include "tests/simulator/resources/prices.h"

#include <string>

namespace hcloud::sim {

struct LoadBalancerType {
    Id id;
    std::string name;
    int max_connections;
    int max_services;
    int max_targets;
    int max_assigned_certificates;
    Price price;
};

const CatalogKind<LoadBalancerType>& load_balancer_types();
std::vector<Offer> offers_of(const LoadBalancerType& type);

}  // namespace hcloud::sim

#include "tests/simulator/resources/load_balancer_types.h"

#include "tests/simulator/resources/catalog.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

constexpr std::int64_t kIncludedTraffic = 20LL * 1'099'511'627'776;

const std::vector<LoadBalancerType>& table() {
    static const std::vector<LoadBalancerType> kTable{
        {1, "lb11", 10'000, 5, 25, 10, {86, 53'900}},
        {2, "lb21", 20'000, 15, 75, 25, {263, 164'000}},
        {3, "lb31", 40'000, 30, 150, 50, {527, 329'000}},
    };
    return kTable;
}

json load_balancer_type_json(const World& /*world*/, const LoadBalancerType& type) {
    return {{"id", type.id},
            {"name", type.name},
            {"description", "LB" + type.name.substr(2)},
            {"max_connections", type.max_connections},
            {"max_services", type.max_services},
            {"max_targets", type.max_targets},
            {"max_assigned_certificates", type.max_assigned_certificates},
            {"deprecated", nullptr},
            {"prices", offers_json(offers_of(type))}};
}

}  // namespace

const CatalogKind<LoadBalancerType>& load_balancer_types() {
    static const CatalogKind<LoadBalancerType> kKind{"load_balancer_types", "load_balancer_type",
                                                     "load balancer type", table,
                                                     load_balancer_type_json};
    return kKind;
}

std::vector<Offer> offers_of(const LoadBalancerType& type) {
    std::vector<Offer> offers;
    for (const Location& place : locations())
        offers.push_back({place.name, type.price, kIncludedTraffic});
    return offers;
}

void add_load_balancer_types(Router& router) {
    add_catalog_reading(router, load_balancer_types());
}

}  // namespace hcloud::sim

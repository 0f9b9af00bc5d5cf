// GET /pricing: what the types cost, and what has no type.
#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/load_balancer_types.h"
#include "tests/simulator/resources/server_types.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

constexpr Price kPrimaryIpv4{8, 5'000};
constexpr int kFloatingIpv4 = 30'000;
constexpr int kFloatingIpv6 = 10'000;
constexpr int kImageGigabyte = 110;
constexpr int kVolumeGigabyte = 440;

json by_location(const json& price) {
    json prices = json::array();
    for (const Location& place : locations()) {
        json entry = price;
        entry["location"] = place.name;
        prices.push_back(entry);
    }
    return prices;
}

json primary_ip(const char* type, Price price) {
    return {{"type", type},
            {"prices", by_location({{"price_hourly", price_json(price.hourly)},
                                    {"price_monthly", price_json(price.monthly)}})}};
}

json floating_ip(const char* type, int monthly) {
    return {{"type", type}, {"prices", by_location({{"price_monthly", price_json(monthly)}})}};
}

json of_server_types() {
    json types = json::array();
    for (const ServerType& type : server_types().entries()) {
        types.push_back(
            {{"id", type.id}, {"name", type.name}, {"prices", offers_json(type.offers)}});
    }
    return types;
}

json of_load_balancer_types() {
    json types = json::array();
    for (const LoadBalancerType& type : load_balancer_types().entries()) {
        types.push_back(
            {{"id", type.id}, {"name", type.name}, {"prices", offers_json(offers_of(type))}});
    }
    return types;
}

Response get_pricing(World& /*world*/, const Request& /*request*/) {
    const json floating_ips{floating_ip("ipv4", kFloatingIpv4), floating_ip("ipv6", kFloatingIpv6)};
    const json primary_ips{primary_ip("ipv4", kPrimaryIpv4), primary_ip("ipv6", {})};
    return json_response(200, {{"pricing",
                                {{"currency", "EUR"},
                                 {"vat_rate", "19.00"},
                                 {"primary_ips", primary_ips},
                                 {"floating_ips", floating_ips},
                                 {"floating_ip", {{"price_monthly", price_json(kFloatingIpv4)}}},
                                 {"image", {{"price_per_gb_month", price_json(kImageGigabyte)}}},
                                 {"volume", {{"price_per_gb_month", price_json(kVolumeGigabyte)}}},
                                 {"server_backup", {{"percentage", "20.00"}}},
                                 {"server_types", of_server_types()},
                                 {"load_balancer_types", of_load_balancer_types()}}}});
}

}  // namespace

void add_pricing(Router& router) {
    router.add("GET", "/v1/pricing", get_pricing);
}

}  // namespace hcloud::sim

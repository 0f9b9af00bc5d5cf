// Locations and, until they were taken out of the API, datacenters.
#include "tests/simulator/resources/locations.h"

#include "tests/simulator/resources/server_types.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

json show_location(const World& /*world*/, const Location& place) {
    return location_json(place.name);
}

json server_types_json(const World& world, const Location& place) {
    json supported = json::array();
    json on_sale = json::array();
    for (const ServerType& type : server_types().entries()) {
        if (type.offer_in(place.name) != nullptr) supported.push_back(type.id);
        if (available(world, type, place.name)) on_sale.push_back(type.id);
    }
    return {{"supported", supported}, {"available", on_sale}, {"available_for_migration", on_sale}};
}

void refuse_removed(const World& world) {
    if (world.state().profile == Profile::of_2025_06) return;
    throw ApiError(410, "deprecated_api_endpoint", "API functionality was removed",
                   {{"announcement",
                     "https://docs.hetzner.cloud/changelog#2025-12-16-phasing-out-"
                     "datacenters"}});
}

Response list_datacenters(World& world, const Request& request) {
    refuse_removed(world);
    std::vector<json> items;
    for (const Location& place : locations())
        items.push_back(datacenter_json(world, place, std::string(place.datacenter)));
    Response response =
        list_response(request, "datacenters", std::move(items), {{"id", "name"}, {"name"}});
    json body = json::parse(response.body);
    body["recommendation"] = locations().front().datacenter_id;
    response.body = body.dump();
    return response;
}

Response get_datacenter(World& world, const Request& request) {
    refuse_removed(world);
    const std::string id = std::to_string(path_id(request));
    const Location* const place = find_datacenter(id);
    if (place == nullptr) throw not_found("datacenter", id);
    return json_response(
        200, {{"datacenter", datacenter_json(world, *place, std::string(place->datacenter))}});
}

}  // namespace

json datacenter_json(const World& world, const Location& place, const std::string& name) {
    const auto dash = name.rfind("-dc");
    const std::string number = dash == std::string::npos ? "" : name.substr(dash + 3);
    return {{"id", place.datacenter_id},
            {"name", name},
            {"description", std::string(place.city) + " DC " + number},
            {"location", location_json(place.name)},
            {"server_types", server_types_json(world, place)}};
}

const CatalogKind<Location>& location_kind() {
    static const CatalogKind<Location> kKind{"locations", "location", "location", locations,
                                             show_location};
    return kKind;
}

const Location* find_datacenter(const std::string& reference) {
    for (const Location& place : locations()) {
        if (place.datacenter == reference || std::to_string(place.datacenter_id) == reference) {
            return &place;
        }
    }
    return nullptr;
}

void add_locations(Router& router) {
    add_catalog_reading(router, location_kind());
    router.add("GET", "/v1/datacenters", list_datacenters);
    router.add("GET", "/v1/datacenters/{id}", get_datacenter);
}

}  // namespace hcloud::sim

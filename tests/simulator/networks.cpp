// GET /networks and /networks/{id}, which the official command-line tool needs to name a network.
#include "tests/simulator/api.h"
#include "tests/simulator/catalog.h"
#include "tests/simulator/resources.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

json subnets_json(const Network& network) {
    const std::string gateway = format_ipv4(parse_range(network.ip_range)->base + 1);
    json subnets = json::array();
    for (const std::string& subnet : network.subnets) {
        subnets.push_back({{"type", "cloud"},
                           {"ip_range", subnet},
                           {"network_zone", "eu-central"},
                           {"gateway", gateway},
                           {"vswitch_id", nullptr}});
    }
    return subnets;
}

json network_json(const State& state, Id id, const Network& network) {
    json servers = json::array();
    for (const auto& [server_id, server] : state.servers) {
        for (const PrivateNet& net : server.private_net) {
            if (net.network == id) servers.push_back(server_id);
        }
    }
    return {{"id", id},
            {"name", network.name},
            {"ip_range", network.ip_range},
            {"subnets", subnets_json(network)},
            {"routes", json::array()},
            {"servers", servers},
            {"load_balancers", json::array()},
            {"protection", {{"delete", false}}},
            {"labels", network.labels},
            {"created", kCreated},
            {"expose_routes_to_vswitch", false}};
}

Response get_networks(World& world, const Request& request) {
    std::vector<json> networks;
    for (const auto& [id, network] : world.state().networks) {
        networks.push_back(network_json(world.state(), id, network));
    }
    return list_response(request, "networks", std::move(networks), {"id", "name", "created"});
}

Response get_network(World& world, const Request& request) {
    const Id id = path_id(request);
    const auto network = world.state().networks.find(id);
    if (network == world.state().networks.end()) throw not_found("network", std::to_string(id));
    return json_response(200, {{"network", network_json(world.state(), id, network->second)}});
}

}  // namespace

void add_networks(Router& router) {
    router.add("GET", "/v1/networks", get_networks);
    router.add("GET", "/v1/networks/{id}", get_network);
}

}  // namespace hcloud::sim

// Private networks. Their subnets and routes: network_actions.cpp.
#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/load_balancers.h"
#include "tests/simulator/resources/network_fields.h"
#include "tests/simulator/resources/network_rules.h"
#include "tests/simulator/values.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

json subnets_json(const Network& network) {
    const std::string gateway = format_ipv4(parse_range(network.ip_range)->base + 1);
    json subnets = json::array();
    for (const Subnet& subnet : network.subnets) {
        subnets.push_back({{"type", subnet.type},
                           {"ip_range", subnet.ip_range},
                           {"network_zone", subnet.network_zone},
                           {"gateway", gateway},
                           {"vswitch_id", or_null(subnet.vswitch)}});
    }
    return subnets;
}

json routes_json(const Network& network) {
    json routes = json::array();
    for (const auto& [destination, gateway] : network.routes)
        routes.push_back({{"destination", destination}, {"gateway", gateway}});
    return routes;
}

json network_json(const World& world, Id id, const Network& network) {
    json servers = json::array();
    for (const auto& [server_id, server] : world.state().servers) {
        for (const PrivateNet& net : server.private_net) {
            if (net.network == id) servers.push_back(server_id);
        }
    }
    return {{"id", id},
            {"name", network.name},
            {"ip_range", network.ip_range},
            {"subnets", subnets_json(network)},
            {"routes", routes_json(network)},
            {"servers", servers},
            {"load_balancers", load_balancers_in(world.state(), id)},
            {"protection", {{"delete", network.delete_protection}}},
            {"labels", network.labels},
            {"created", world.timestamp(network.created)},
            {"expose_routes_to_vswitch", network.expose_routes_to_vswitch}};
}

Network read_new(InputFields& fields, const Switches& switches) {
    Network network;
    network.name = fields.required_text("name");
    network.ip_range = fields.required_text("ip_range");
    network.labels = fields.labels().value_or(Labels());
    network.expose_routes_to_vswitch = fields.boolean("expose_routes_to_vswitch").value_or(false);
    if (const auto fault = fault_in_network_range(network.ip_range)) {
        if (!network.ip_range.empty()) fields.refuse("ip_range", *fault);
        return network;
    }
    for (InputFields& part : fields.objects("subnets", false)) {
        network.subnets.push_back(read_subnet(part, network));
        fields.absorb(part);
        fields.finish();  // the next one is checked against those before
    }
    for (InputFields& part : fields.objects("routes", false)) {
        network.routes.push_back(read_route(part, network, switches));
        fields.absorb(part);
        fields.finish();
    }
    return network;
}

Response create_network(World& world, const Request& request) {
    InputFields fields(request);
    Network network = read_new(fields, world.state().switches);
    fields.finish();
    const Id id = create(world, networks(), std::move(network));
    return json_response(201, {{"network", show(world, networks(), id)}});
}

std::function<void(Network&)> read_update(InputFields& fields) {
    const auto expose = fields.boolean("expose_routes_to_vswitch");
    return [=](Network& network) {
        if (expose) network.expose_routes_to_vswitch = *expose;
    };
}

void detach_all(State& state, Id id) {
    detach_load_balancers(state, id);
    for (auto& [server_id, server] : state.servers) {
        auto& nets = server.private_net;
        nets.erase(std::remove_if(nets.begin(), nets.end(),
                                  [&](const PrivateNet& net) { return net.network == id; }),
                   nets.end());
    }
}

}  // namespace

const Kind<Network>& networks() {
    static const Kind<Network> kKind{.plural = "networks",
                                     .singular = "network",
                                     .title = "network",
                                     .entries = &State::networks,
                                     .show = network_json,
                                     .list = {},
                                     .actions_conflict = true,
                                     .updates_conflict = true};
    return kKind;
}

void add_networks(Router& router) {
    add_reading(router, networks());
    add_updating<Network>(router, networks(), read_update);
    add_deleting<Network>(router, networks(), {}, detach_all);
    add_protecting(router, networks());
    add_action_lists(router, networks());
    router.add("POST", "/v1/networks", create_network);
}

}  // namespace hcloud::sim

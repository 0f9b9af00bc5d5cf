// GET /servers, /servers/{id}, /servers/{id}/actions. Networks of a server: server_networks.cpp.
#include "tests/simulator/api.h"
#include "tests/simulator/catalog.h"
#include "tests/simulator/resources.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

// Primary IPs have ids of their own; these are made up from the server's.
constexpr Id kPrimaryIpBase = 10'000'000;

json ipv4_json(Id id, const std::optional<std::string>& ip) {
    if (!ip) return nullptr;
    const std::uint32_t address = parse_ipv4(*ip).value_or(0);
    return {{"id", kPrimaryIpBase + 2 * id},
            {"ip", *ip},
            {"blocked", false},
            {"dns_ptr", fmt::format("static.{}.{}.{}.{}.clients.your-server.de", address & 0xffU,
                                    address >> 8 & 0xffU, address >> 16 & 0xffU, address >> 24)}};
}

json ipv6_json(Id id, const std::optional<std::string>& network) {
    if (!network) return nullptr;
    return {{"id", kPrimaryIpBase + 2 * id + 1},
            {"ip", *network},
            {"blocked", false},
            {"dns_ptr", json::array()}};
}

json public_net_json(const State& state, Id id, const Server& server) {
    json floating_ips = json::array();
    for (const auto& [floating_id, floating] : state.floating_ips) {
        if (floating.server == id) floating_ips.push_back(floating_id);
    }
    return {{"ipv4", ipv4_json(id, server.public_ipv4)},
            {"ipv6", ipv6_json(id, server.public_ipv6)},
            {"floating_ips", floating_ips},
            {"firewalls", json::array()}};
}

json private_net_json(const Server& server) {
    json nets = json::array();
    for (const PrivateNet& net : server.private_net) {
        nets.push_back({{"network", net.network},
                        {"ip", net.ip},
                        {"alias_ips", net.alias_ips},
                        {"mac_address", net.mac_address}});
    }
    return nets;
}

json server_json(const World& world, Id id, const Server& server) {
    return {{"id", id},
            {"name", server.name},
            {"status", "running"},
            {"created", kCreated},
            {"public_net", public_net_json(world.state(), id, server)},
            {"private_net", private_net_json(server)},
            {"server_type", server_type_json(server.location)},
            {"location", location_json(server.location)},
            {"image", image_json()},
            {"iso", nullptr},
            {"rescue_enabled", false},
            {"locked", world.locked({id, "server"})},
            {"backup_window", nullptr},
            {"outgoing_traffic", 0},
            {"ingoing_traffic", 0},
            {"included_traffic", 21'990'232'555'520},
            {"protection", {{"delete", false}, {"rebuild", false}}},
            {"labels", server.labels},
            {"volumes", json::array()},
            {"load_balancers", json::array()},
            {"primary_disk_size", 40},
            {"placement_group", nullptr}};
}

Response get_servers(World& world, const Request& request) {
    std::vector<json> servers;
    for (const auto& [id, server] : world.state().servers) {
        servers.push_back(server_json(world, id, server));
    }
    return list_response(request, "servers", std::move(servers), {"id", "name", "created"});
}

Response get_server(World& world, const Request& request) {
    const Id id = path_id(request);
    return json_response(200,
                         {{"server", server_json(world, id, require_server(world.state(), id))}});
}

Response get_server_actions(World& world, const Request& request) {
    const Id id = path_id(request);
    require_server(world.state(), id);
    return list_actions(world, request, {id, "server"});
}

}  // namespace

const Server& require_server(const State& state, Id id) {
    const auto server = state.servers.find(id);
    if (server == state.servers.end()) throw not_found("server", std::to_string(id));
    return server->second;
}

void add_servers(Router& router) {
    router.add("GET", "/v1/servers", get_servers);
    router.add("GET", "/v1/servers/{id}", get_server);
    router.add("GET", "/v1/servers/{id}/actions", get_server_actions);
}

}  // namespace hcloud::sim

// POST /networks/{id}/actions/…: subnets, routes, range.
#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/load_balancers.h"
#include "tests/simulator/resources/network_fields.h"
#include "tests/simulator/resources/network_rules.h"
#include "tests/simulator/values.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

Response change(World& world, const char* command, Id id, std::function<void(Network&)> effect) {
    require_idle(world, networks(), id);
    return created(world, {.command = command,
                           .resources = {{id, "network"}},
                           .effect = on<Network>(networks(), id, std::move(effect))});
}

Response add_subnet(World& world, const Request& request) {
    const Id id = path_id(request);
    const Network& network = require(world, networks(), id);
    InputFields fields(request);
    const Subnet subnet = read_subnet(fields, network);
    fields.finish();
    return change(world, "add_subnet", id,
                  [=](Network& changed) { changed.subnets.push_back(subnet); });
}

bool uses(const Server& server, Id network, const Ipv4Range& range) {
    return std::any_of(
        server.private_net.begin(), server.private_net.end(), [&](const PrivateNet& net) {
            std::vector<std::string> addresses = net.alias_ips;
            addresses.push_back(net.ip);
            return net.network == network &&
                   std::any_of(addresses.begin(), addresses.end(), [&](const std::string& ip) {
                       return range.contains(*parse_ipv4(ip));
                   });
        });
}

void refuse_used(const State& state, Id network, const std::string& subnet) {
    const Ipv4Range range = *parse_range(subnet);
    const bool by_servers =
        std::any_of(state.servers.begin(), state.servers.end(),
                    [&](const auto& entry) { return uses(entry.second, network, range); });
    const std::vector<Id> balancers = load_balancers_in(state, network);
    const bool by_balancers = std::any_of(balancers.begin(), balancers.end(), [&](Id id) {
        return range.contains(*parse_ipv4(state.load_balancers.at(id).private_net->ip));
    });
    // Seen by the Terraform provider (its pull request 923).
    if (by_servers || by_balancers)
        throw ApiError(422, "service_error", "network has attached resources");
}

Response delete_subnet(World& world, const Request& request) {
    const Id id = path_id(request);
    const Network& network = require(world, networks(), id);
    InputFields fields(request);
    const std::string ip_range = fields.required_text("ip_range");
    fields.finish();
    const auto is_wanted = [=](const Subnet& subnet) { return subnet.ip_range == ip_range; };
    if (std::none_of(network.subnets.begin(), network.subnets.end(), is_wanted)) {
        throw ApiError(404, "not_found", fmt::format("subnet '{}' not found", ip_range));
    }
    refuse_used(world.state(), id, ip_range);
    return change(world, "delete_subnet", id, [=](Network& changed) {
        auto& subnets = changed.subnets;
        subnets.erase(std::remove_if(subnets.begin(), subnets.end(), is_wanted), subnets.end());
    });
}

Response add_route(World& world, const Request& request) {
    const Id id = path_id(request);
    const Network& network = require(world, networks(), id);
    InputFields fields(request);
    const Route route = read_route(fields, network, world.state().switches);
    fields.finish();
    return change(world, "add_route", id,
                  [=](Network& changed) { changed.routes.push_back(route); });
}

Response delete_route(World& world, const Request& request) {
    const Id id = path_id(request);
    const Network& network = require(world, networks(), id);
    InputFields fields(request);
    const Route route{fields.required_text("destination"), fields.required_text("gateway")};
    fields.finish();
    const auto& routes = network.routes;
    if (std::find(routes.begin(), routes.end(), route) == routes.end()) {
        throw ApiError(
            404, "not_found",
            fmt::format("route to '{}' via '{}' not found", route.destination, route.gateway));
    }
    return change(world, "delete_route", id, [=](Network& changed) {
        auto& left = changed.routes;
        left.erase(std::remove(left.begin(), left.end(), route), left.end());
    });
}

Response change_ip_range(World& world, const Request& request) {
    const Id id = path_id(request);
    const Network& network = require(world, networks(), id);
    InputFields fields(request);
    const std::string ip_range = fields.required_text("ip_range");
    const auto fault = fault_in_extension(network, ip_range);
    if (fault && !ip_range.empty()) fields.refuse("ip_range", *fault);
    fields.finish();
    return change(world, "change_ip_range", id,
                  [=](Network& changed) { changed.ip_range = ip_range; });
}

}  // namespace

void add_network_actions(Router& router) {
    router.add("POST", "/v1/networks/{id}/actions/add_subnet", add_subnet);
    router.add("POST", "/v1/networks/{id}/actions/delete_subnet", delete_subnet);
    router.add("POST", "/v1/networks/{id}/actions/add_route", add_route);
    router.add("POST", "/v1/networks/{id}/actions/delete_route", delete_route);
    router.add("POST", "/v1/networks/{id}/actions/change_ip_range", change_ip_range);
}

}  // namespace hcloud::sim

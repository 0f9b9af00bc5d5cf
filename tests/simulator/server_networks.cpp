// POST /servers/{id}/actions/… for private networks: attach_to_network, detach_from_network,
// change_alias_ips.
#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using Nets = std::vector<PrivateNet>;

template <typename Server>
auto find_net(Server& server, Id network) {
    return std::find_if(server.private_net.begin(), server.private_net.end(),
                        [&](const PrivateNet& net) { return net.network == network; });
}

const Network& require_network(const State& state, Id id) {
    const auto network = state.networks.find(id);
    if (network == state.networks.end()) throw not_found("network", std::to_string(id));
    return network->second;
}

const PrivateNet& require_attached(const Server& server, Id network) {
    const auto net = find_net(server, network);
    if (net == server.private_net.end()) {
        // A guess: the code is known from load balancers.
        throw ApiError(422, "server_not_attached_to_network",
                       fmt::format("server is not attached to network '{}'", network));
    }
    return *net;
}

/// An address that a server may have: inside the network, neither its gateway nor its last one.
bool usable(const Network& network, const std::string& ip) {
    const Ipv4Range range = *parse_range(network.ip_range);
    const auto address = parse_ipv4(ip);
    return address && range.contains(*address) && *address > range.base + 1 &&
           *address - range.base < range.size() - 1;
}

void require_free(const World& world, Id network_id, const Network& network,
                  const std::string& ip) {
    if (usable(network, ip) && !world.ip_in_use({network_id, ip})) return;
    throw ApiError(422, "ip_not_available", fmt::format("IP '{}' is not available", ip));
}

void refuse_duplicates(InputFields& fields, const std::vector<std::string>& alias_ips) {
    const std::set<std::string> distinct(alias_ips.begin(), alias_ips.end());
    if (distinct.size() != alias_ips.size()) fields.refuse("alias_ips", "Contains duplicates.");
}

/// Walks the subnets, or the whole network if it has none.
std::string choose_ip(const World& world, Id network_id, const Network& network,
                      const std::set<std::string>& taken) {
    std::vector<std::string> ranges = network.subnets;
    if (ranges.empty()) ranges.push_back(network.ip_range);
    for (const std::string& cidr : ranges) {
        const Ipv4Range range = *parse_range(cidr);
        for (std::uint64_t offset = 1; offset + 1 < range.size(); ++offset) {
            std::string ip = format_ipv4(range.base + static_cast<std::uint32_t>(offset));
            const bool free = usable(network, ip) && taken.count(ip) == 0;
            if (free && !world.ip_in_use({network_id, ip})) return ip;
        }
    }
    throw ApiError(422, "no_subnet_available", "no subnet or IP is available in the network");
}

void refuse_overlap(const State& state, const Server& server, const Network& network) {
    const Ipv4Range range = *parse_range(network.ip_range);
    for (const PrivateNet& net : server.private_net) {
        if (!parse_range(state.networks.at(net.network).ip_range)->overlaps(range)) continue;
        throw ApiError(422, "networks_overlap",
                       "the network IP range overlaps with one of the server networks");
    }
}

/// Runs `change` on the server's networks when the action ends.
Effect on_networks(Id server_id, Id network_id,
                   std::function<std::optional<ActionError>(Nets&)> change) {
    return [server_id, network_id,
            change = std::move(change)](State& state) -> std::optional<ActionError> {
        const auto server = state.servers.find(server_id);
        if (server == state.servers.end() || state.networks.count(network_id) == 0) {
            return ActionError{"action_failed", "the server or the network is gone"};
        }
        return change(server->second.private_net);
    };
}

ActionPlan plan(const char* command, Id server, Id network, std::vector<std::string> reserved,
                std::function<std::optional<ActionError>(Nets&)> change) {
    ActionPlan plan{command, {{server, "server"}, {network, "network"}}, {}, {}};
    for (std::string& ip : reserved)
        plan.reserved.push_back({network, std::move(ip)});
    plan.effect = on_networks(server, network, std::move(change));
    return plan;
}

auto find_in(Nets& nets, Id network) {
    return std::find_if(nets.begin(), nets.end(),
                        [&](const PrivateNet& net) { return net.network == network; });
}

Response change_alias_ips(World& world, const Request& request) {
    const Id id = path_id(request);
    const Server& server = require_server(world.state(), id);
    InputFields fields(request);
    const Id network_id = fields.integer("network");
    const std::vector<std::string> alias_ips = fields.texts("alias_ips", true);
    refuse_duplicates(fields, alias_ips);
    fields.finish();
    const Network& network = require_network(world.state(), network_id);
    const PrivateNet& net = require_attached(server, network_id);
    require_unlocked(world, {id, "server"}, "server");
    for (const std::string& ip : alias_ips) {
        const auto& old = net.alias_ips;
        if (std::find(old.begin(), old.end(), ip) == old.end()) {
            require_free(world, network_id, network, ip);
        }
    }
    return created(world,
                   plan("change_alias_ips", id, network_id, alias_ips,
                        [=](Nets& nets) -> std::optional<ActionError> {
                            const auto mine = find_in(nets, network_id);
                            if (mine == nets.end()) {
                                return ActionError{"action_failed", "server is not attached"};
                            }
                            mine->alias_ips = alias_ips;
                            return std::nullopt;
                        }));
}

std::string new_mac(Id server, Id network) {
    return fmt::format("86:00:{:02x}:{:02x}:{:02x}:{:02x}", network >> 8 & 0xff, network & 0xff,
                       server >> 8 & 0xff, server & 0xff);
}

PrivateNet read_attachment(const World& world, Id server_id, const Request& request) {
    InputFields fields(request);
    PrivateNet net;
    net.network = fields.integer("network");
    const auto ip = fields.text("ip");
    net.alias_ips = fields.texts("alias_ips", false);
    refuse_duplicates(fields, net.alias_ips);
    if (ip && std::count(net.alias_ips.begin(), net.alias_ips.end(), *ip) != 0) {
        fields.refuse("alias_ips", "Contains the primary IP.");
    }
    fields.finish();
    const Network& network = require_network(world.state(), net.network);
    const Server& server = require_server(world.state(), server_id);
    if (find_net(server, net.network) != server.private_net.end()) {
        throw ApiError(422, "server_already_attached", "server is already attached to network");
    }
    refuse_overlap(world.state(), server, network);
    for (const std::string& alias : net.alias_ips)
        require_free(world, net.network, network, alias);
    if (ip) require_free(world, net.network, network, *ip);
    const std::set<std::string> taken(net.alias_ips.begin(), net.alias_ips.end());
    net.ip = ip ? *ip : choose_ip(world, net.network, network, taken);
    net.mac_address = new_mac(server_id, net.network);
    return net;
}

Response attach_to_network(World& world, const Request& request) {
    const Id id = path_id(request);
    require_server(world.state(), id);
    require_unlocked(world, {id, "server"}, "server");
    const PrivateNet net = read_attachment(world, id, request);
    std::vector<std::string> reserved = net.alias_ips;
    reserved.push_back(net.ip);
    return created(world, plan("attach_to_network", id, net.network, reserved,
                               [=](Nets& nets) -> std::optional<ActionError> {
                                   if (find_in(nets, net.network) != nets.end()) {
                                       return ActionError{"action_failed", "already attached"};
                                   }
                                   nets.push_back(net);
                                   return std::nullopt;
                               }));
}

Response detach_from_network(World& world, const Request& request) {
    const Id id = path_id(request);
    const Server& server = require_server(world.state(), id);
    InputFields fields(request);
    const Id network_id = fields.integer("network");
    fields.finish();
    require_network(world.state(), network_id);
    require_attached(server, network_id);
    require_unlocked(world, {id, "server"}, "server");
    return created(world, plan("detach_from_network", id, network_id, {},
                               [=](Nets& nets) -> std::optional<ActionError> {
                                   const auto mine = find_in(nets, network_id);
                                   if (mine != nets.end()) nets.erase(mine);
                                   return std::nullopt;
                               }));
}

}  // namespace

void add_server_networks(Router& router) {
    router.add("POST", "/v1/servers/{id}/actions/change_alias_ips", change_alias_ips);
    router.add("POST", "/v1/servers/{id}/actions/attach_to_network", attach_to_network);
    router.add("POST", "/v1/servers/{id}/actions/detach_from_network", detach_from_network);
}

}  // namespace hcloud::sim

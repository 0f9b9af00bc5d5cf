#include "tests/simulator/resources/server_place.h"

#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/private_ips.h"
#include "tests/simulator/values.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

void refuse_overlap(const State& state, const Server& server, const Network& network) {
    const Ipv4Range range = *parse_range(network.ip_range);
    for (const PrivateNet& net : server.private_net) {
        if (!parse_range(state.networks.at(net.network).ip_range)->overlaps(range)) continue;
        throw ApiError(422, "networks_overlap",
                       "the network IP range overlaps with one of the server networks");
    }
}

void refuse_second(const Server& server, Id network) {
    const auto& nets = server.private_net;
    if (std::none_of(nets.begin(), nets.end(),
                     [&](const PrivateNet& net) { return net.network == network; })) {
        return;
    }
    throw ApiError(422, "server_already_attached", "server is already attached to network");
}

std::string choose_ip(const World& world, const Server& server, const WantedPlace& wanted) {
    return choose_private_ip(world, {.network = wanted.network,
                                     .zone = find_location(server.location)->network_zone,
                                     .ip = wanted.ip,
                                     .ip_range = wanted.ip_range,
                                     .taken = {wanted.alias_ips.begin(), wanted.alias_ips.end()}});
}

}  // namespace

PrivateNet choose_place(const World& world, const Server& server, const WantedPlace& wanted) {
    const Network& network = require(world, networks(), wanted.network);
    refuse_second(server, wanted.network);
    if (server.private_net.size() >= kMaxNetworksPerServer) {
        throw ApiError(403, "resource_limit_exceeded",
                       fmt::format("a server can be in {} networks", kMaxNetworksPerServer));
    }
    refuse_overlap(world.state(), server, network);
    for (const std::string& alias : wanted.alias_ips)
        require_free(world, wanted.network, alias);
    return {wanted.network, choose_ip(world, server, wanted), wanted.alias_ips, ""};
}

ActionPlan attach_plan(Id server, PrivateNet net) {
    net.mac_address = fmt::format("86:00:{:02x}:{:02x}:{:02x}:{:02x}", net.network >> 8 & 0xff,
                                  net.network & 0xff, server >> 8 & 0xff, server & 0xff);
    ActionPlan plan{.command = "attach_to_network",
                    .resources = {{server, "server"}, {net.network, "network"}},
                    .effect = {}};
    plan.reserved.push_back({net.network, net.ip});
    for (const std::string& alias : net.alias_ips)
        plan.reserved.push_back({net.network, alias});
    plan.effect = [server, net](State& state) -> std::optional<ActionError> {
        Server* const attached = find(state, servers(), server);
        if (attached == nullptr || state.networks.count(net.network) == 0) {
            return ActionError{"action_failed", "the server or the network is gone"};
        }
        const auto& nets = attached->private_net;
        if (std::any_of(nets.begin(), nets.end(),
                        [&](const PrivateNet& other) { return other.network == net.network; })) {
            return ActionError{"action_failed", "already attached"};
        }
        attached->private_net.push_back(net);
        return std::nullopt;
    };
    return plan;
}

}  // namespace hcloud::sim

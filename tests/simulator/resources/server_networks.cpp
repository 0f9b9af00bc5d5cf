// POST /servers/{id}/actions/… for private networks: attach_to_network, detach_from_network,
// change_alias_ips.
#include "tests/simulator/resources/private_ips.h"
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/server_place.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using Nets = std::vector<PrivateNet>;

template <typename Nets>
auto find_net(Nets& nets, Id network) {
    return std::find_if(nets.begin(), nets.end(),
                        [&](const PrivateNet& net) { return net.network == network; });
}

const PrivateNet& require_attached(const State& state, const Server& server, Id network) {
    const auto net = find_net(server.private_net, network);
    if (net != server.private_net.end()) return *net;
    const std::string code = state.switches.get("not_attached");
    throw ApiError(code == "not_found" ? 404 : 422, code,
                   fmt::format("server is not attached to network '{}'", network));
}

std::vector<std::string> read_alias_ips(InputFields& fields, bool required) {
    std::vector<std::string> alias_ips = fields.texts("alias_ips", required);
    const std::set<std::string> distinct(alias_ips.begin(), alias_ips.end());
    if (distinct.size() != alias_ips.size()) fields.refuse("alias_ips", "Contains duplicates.");
    if (distinct.size() > kMaxAliasIpsPerNetwork) {
        fields.refuse("alias_ips",
                      fmt::format("Longer than maximum length {}.", kMaxAliasIpsPerNetwork));
    }
    return alias_ips;
}

/// Runs `change` on the server's networks when the action ends.
ActionPlan plan(const char* command, Id server, Id network,
                std::function<std::optional<ActionError>(Nets&)> change) {
    ActionPlan plan{
        .command = command, .resources = {{server, "server"}, {network, "network"}}, .effect = {}};
    plan.effect = [=, change = std::move(change)](State& state) -> std::optional<ActionError> {
        Server* const changed = find(state, servers(), server);
        if (changed == nullptr || state.networks.count(network) == 0) {
            return ActionError{"action_failed", "the server or the network is gone"};
        }
        return change(changed->private_net);
    };
    return plan;
}

ActionPlan change_plan(Id server, Id network, const std::vector<std::string>& alias_ips) {
    ActionPlan change =
        plan("change_alias_ips", server, network, [=](Nets& nets) -> std::optional<ActionError> {
            const auto mine = find_net(nets, network);
            if (mine == nets.end()) return ActionError{"action_failed", "server is not attached"};
            mine->alias_ips = alias_ips;
            return std::nullopt;
        });
    for (const std::string& ip : alias_ips)
        change.reserved.push_back({network, ip});
    return change;
}

Response change_alias_ips(World& world, Id id, const Request& request) {
    InputFields fields(request);
    const Id network = fields.integer("network");
    const std::vector<std::string> alias_ips = read_alias_ips(fields, true);
    fields.finish();
    require(world, networks(), network);
    require_unlocked(world, {id, "server"}, "server");
    const auto& old =
        require_attached(world.state(), require(world, servers(), id), network).alias_ips;
    for (const std::string& ip : alias_ips) {
        if (std::find(old.begin(), old.end(), ip) == old.end()) require_free(world, network, ip);
    }
    return created(world, change_plan(id, network, alias_ips));
}

Response attach_to_network(World& world, Id id, const Request& request) {
    require_unlocked(world, {id, "server"}, "server");
    InputFields fields(request);
    WantedPlace wanted;
    wanted.network = fields.integer("network");
    wanted.ip = fields.text("ip");
    wanted.alias_ips = read_alias_ips(fields, false);
    // Since 2025-09.
    if (world.state().profile != Profile::of_2025_06) wanted.ip_range = fields.text("ip_range");
    if (wanted.ip && std::count(wanted.alias_ips.begin(), wanted.alias_ips.end(), *wanted.ip)) {
        fields.refuse("alias_ips", "Contains the primary IP.");
    }
    fields.finish();
    return created(world,
                   attach_plan(id, choose_place(world, require(world, servers(), id), wanted)));
}

Response detach_from_network(World& world, Id id, const Request& request) {
    InputFields fields(request);
    const Id network = fields.integer("network");
    fields.finish();
    require(world, networks(), network);
    require_unlocked(world, {id, "server"}, "server");
    require_attached(world.state(), require(world, servers(), id), network);
    return created(world, plan("detach_from_network", id, network,
                               [=](Nets& nets) -> std::optional<ActionError> {
                                   const auto mine = find_net(nets, network);
                                   if (mine != nets.end()) nets.erase(mine);
                                   return std::nullopt;
                               }));
}

}  // namespace

void add_server_networks(Router& router) {
    add_server_action(router, "change_alias_ips", change_alias_ips);
    add_server_action(router, "attach_to_network", attach_to_network);
    add_server_action(router, "detach_from_network", detach_from_network);
}

}  // namespace hcloud::sim

// A server's protection, reverse DNS and placement group.
#include "tests/simulator/resources/reverse_dns.h"
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/server_placement.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

Response change_protection(World& world, Id id, const Request& request) {
    InputFields fields(request);
    const Server& server = require(world, servers(), id);
    const bool from_delete = fields.boolean("delete").value_or(server.delete_protection);
    const bool from_rebuild = fields.boolean("rebuild").value_or(server.rebuild_protection);
    if (from_delete != from_rebuild) {
        fields.refuse("delete", "Must have the same value as rebuild.");
        fields.refuse("rebuild", "Must have the same value as delete.");
    }
    fields.finish();
    return change_server(world, id, "change_protection", [=](Server& changed) {
        changed.delete_protection = from_delete;
        changed.rebuild_protection = from_rebuild;
    });
}

std::vector<std::string> addresses_of(const State& state, Id server) {
    std::vector<std::string> addresses;
    for (const char* type : {"ipv4", "ipv6"}) {
        const auto ip = public_ip_of(state, server, type);
        if (ip) addresses.push_back(*ip);
    }
    return addresses;
}

/// The primary IP that the change is about; it is one of the server's.
Id primary_ip_with(const State& state, Id server, const std::string& ip) {
    const auto ipv4 = primary_ip_of(state.primary_ips, server, "ipv4");
    if (ipv4 != state.primary_ips.end() && ipv4->second.ip == ip) return ipv4->first;
    return primary_ip_of(state.primary_ips, server, "ipv6")->first;
}

Response change_dns_ptr(World& world, Id id, const Request& request) {
    const DnsPtrChange change = read_dns_ptr_change(request, addresses_of(world.state(), id));
    require_unlocked(world, {id, "server"}, "server");
    const Id ip = primary_ip_with(world.state(), id, change.ip);
    require_room(world.state().primary_ips.at(ip).dns_ptr, change);
    return created(world, {.command = "change_dns_ptr",
                           .resources = {{id, "server"}},
                           .effect = [=](State& state) -> std::optional<ActionError> {
                               const auto changed = state.primary_ips.find(ip);
                               if (changed == state.primary_ips.end()) {
                                   return ActionError{"action_failed", "the primary IP is gone"};
                               }
                               apply(changed->second.dns_ptr, change);
                               return std::nullopt;
                           }});
}

Response add_to_placement_group(World& world, Id id, const Request& request) {
    InputFields fields(request);
    const Id group = fields.integer("placement_group");
    fields.finish();
    require_unlocked(world, {id, "server"}, "server");
    const Server& server = require(world, servers(), id);
    require_stopped(server);
    require_room_in_group(world, group);
    if (server.placement_group) {
        throw ApiError(422, world.state().switches.get("in_placement_group_already"),
                       "server is in a placement group already");
    }
    return change_server(world, id, "add_to_placement_group",
                         [group](Server& changed) { changed.placement_group = group; });
}

Response remove_from_placement_group(World& world, Id id, const Request& /*request*/) {
    return change_server(world, id, "remove_from_placement_group",
                         [](Server& server) { server.placement_group.reset(); });
}

}  // namespace

void add_server_settings(Router& router) {
    add_server_action(router, "change_protection", change_protection);
    add_server_action(router, "change_dns_ptr", change_dns_ptr);
    add_server_action(router, "add_to_placement_group", add_to_placement_group);
    add_server_action(router, "remove_from_placement_group", remove_from_placement_group);
}

}  // namespace hcloud::sim

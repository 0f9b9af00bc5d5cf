// Servers as they are shown. What can be done with them is in the server_….cpp beside this file.
#include "tests/simulator/resources/dns_ptr.h"
#include "tests/simulator/resources/firewalls.h"
#include "tests/simulator/resources/images.h"
#include "tests/simulator/resources/isos.h"
#include "tests/simulator/resources/load_balancers.h"
#include "tests/simulator/resources/locations.h"
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/server_order.h"
#include "tests/simulator/resources/server_types.h"
#include "tests/simulator/resources/volumes.h"
#include "tests/simulator/values.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

/// What a server shows of its primary IP; null if it has none of that type.
json public_ip_json(const State& state, Id server, const std::string& type) {
    const auto found = primary_ip_of(state.primary_ips, server, type);
    if (found == state.primary_ips.end()) return nullptr;
    const auto& [id, ip] = *found;
    json dns_ptr = dns_ptr_json(ip.ip, ip.dns_ptr);
    if (type == "ipv4") dns_ptr = json(dns_ptr[0]["dns_ptr"]);
    return {{"id", id}, {"ip", ip.ip}, {"blocked", false}, {"dns_ptr", dns_ptr}};
}

json public_net_json(const World& world, Id id) {
    const State& state = world.state();
    json floating_ips = json::array();
    for (const auto& [floating_id, floating] : state.floating_ips) {
        if (floating.server == id) floating_ips.push_back(floating_id);
    }
    return {{"ipv4", public_ip_json(state, id, "ipv4")},
            {"ipv6", public_ip_json(state, id, "ipv6")},
            {"floating_ips", floating_ips},
            {"firewalls", server_firewalls_json(world, id)}};
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

/// While an action runs it is the action that shows; the first of these, if there are several.
std::string status_of(const World& world, Id id, const Server& server) {
    static const std::vector<std::pair<std::string, std::string>> kShown{
        {"create_server", "initializing"}, {"start_server", "starting"},
        {"stop_server", "stopping"},       {"shutdown_server", "stopping"},
        {"rebuild_server", "rebuilding"},  {"change_server_type", "migrating"},
        {"delete_server", "deleting"},
    };
    for (const auto& [command, status] : kShown) {
        if (world.running(command, {{id, "server"}})) return status;
    }
    return server.status;
}

json shown_iso(const World& world, const Server& server) {
    return server.iso ? iso_json(world, *find_iso(*server.iso)) : json(nullptr);
}

json shown_group(const World& world, const Server& server) {
    if (!server.placement_group) return nullptr;
    return show(world, placement_groups(), *server.placement_group);
}

std::int64_t included_traffic(const Server& server, const ServerType& type) {
    const Offer* const offer = type.offer_in(server.location);
    return offer == nullptr ? 0 : offer->included_traffic;
}

/// "datacenter" until 2026, "location" since.
void add_place(json& shown, const World& world, const Server& server) {
    if (world.state().profile != Profile::of_2025_06) {
        shown["location"] = location_json(server.location);
        return;
    }
    shown["datacenter"] =
        datacenter_json(world, *find_location(server.location), server.datacenter);
}

json server_json(const World& world, Id id, const Server& server) {
    const ServerType& type = *find_server_type(server.server_type);
    json shown{{"id", id},
               {"name", server.name},
               {"status", status_of(world, id, server)},
               {"created", world.timestamp(server.created)},
               {"public_net", public_net_json(world, id)},
               {"private_net", private_net_json(server)},
               {"server_type", server_types().show(world, type)},
               {"image", image_json(world, server.image)},
               {"iso", shown_iso(world, server)},
               {"rescue_enabled", server.rescue_enabled},
               {"locked", world.locked({id, "server"})},
               {"backup_window", or_null(server.backup_window)},
               {"outgoing_traffic", 0},
               {"ingoing_traffic", 0},
               {"included_traffic", included_traffic(server, type)},
               {"protection",
                {{"delete", server.delete_protection}, {"rebuild", server.rebuild_protection}}},
               {"labels", server.labels},
               {"volumes", volumes_of(world.state(), id)},
               {"load_balancers", load_balancers_of(world.state(), id)},
               {"primary_disk_size", server.primary_disk_size},
               {"placement_group", shown_group(world, server)}};
    add_place(shown, world, server);
    return shown;
}

}  // namespace

const Kind<Server>& servers() {
    static const Kind<Server> kKind{"servers",   "server",
                                    "server",    &State::servers,
                                    server_json, {{"id", "name", "created"}, {"name", "status"}}};
    return kKind;
}

void add_servers(Router& router) {
    add_reading(router, servers());
    add_updating<Server>(router, servers(), [](InputFields& fields) {
        check_host_name(fields, fields.text("name"));
        return std::function<void(Server&)>();
    });
    add_action_lists(router, servers());
    add_server_access(router);
    add_server_creation(router);
    add_server_deletion(router);
    add_server_images(router);
    add_server_metrics(router);
    add_server_networks(router);
    add_server_power(router);
    add_server_settings(router);
    add_server_setup(router);
}

}  // namespace hcloud::sim

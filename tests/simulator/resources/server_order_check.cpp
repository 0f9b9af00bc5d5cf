// Whether an order can be carried out.
#include "tests/simulator/resources/firewalls.h"
#include "tests/simulator/resources/locations.h"
#include "tests/simulator/resources/server_order.h"
#include "tests/simulator/resources/server_place.h"
#include "tests/simulator/resources/server_placement.h"
#include "tests/simulator/resources/volumes.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

/// Where it says, else the first place that sells the type and has one left.
const Location& choose_location(const World& world, const OrderFields& order,
                                const ServerType& type) {
    if (order.location) return require_by_reference(location_kind(), *order.location);
    if (order.datacenter) {
        const Location* const place = find_datacenter(*order.datacenter);
        if (place == nullptr) throw not_found("datacenter", *order.datacenter);
        return *place;
    }
    for (const Location& place : locations()) {
        if (available(world, type, place.name)) return place;
    }
    return locations().front();
}

std::vector<std::string> public_keys(const World& world,
                                     const std::vector<std::string>& references) {
    std::vector<std::string> keys;
    for (const std::string& reference : references) {
        const auto before = keys.size();
        for (const auto& [id, key] : world.state().ssh_keys) {
            const bool meant = key.name == reference || std::to_string(id) == reference;
            if (meant && keys.size() == before) keys.push_back(key.public_key);
        }
        if (keys.size() == before) throw not_found("SSH key", reference);
    }
    return keys;
}

void check_public_ip(const World& world, const std::string& type, Id id, const Location& location) {
    const auto& ips = world.state().primary_ips;
    const auto found = ips.find(id);
    if (found == ips.end()) throw not_found("primary IP", std::to_string(id));
    const PrimaryIp& ip = found->second;
    require_unlocked(world, {id, "primary_ip"}, "primary IP");
    if (ip.type != type) {
        throw ApiError(422, "primary_ip_version_mismatch", "primary IP has the wrong version");
    }
    if (ip.assignee) {
        throw ApiError(422, "primary_ip_assigned", "primary IP is already assigned");
    }
    if (ip.location != location.name) {
        throw ApiError(422, "primary_ip_datacenter_mismatch",
                       "primary IP is in a different datacenter");
    }
}

void check_firewalls(const World& world, const std::vector<Id>& wanted) {
    for (const Id firewall : wanted)
        require(world, firewalls(), firewall);
    if (wanted.size() <= kMaxFirewallsPerServer) return;
    throw ApiError(403, "resource_limit_exceeded",
                   fmt::format("a server can have {} firewalls", kMaxFirewallsPerServer));
}

void check_attachments(const World& world, const OrderFields& order, const Location& location) {
    for (const auto& [type, id] : order.public_ips) {
        if (id != 0) check_public_ip(world, type, id, location);
    }
    for (const Id volume : order.volumes)
        require_attachable(world, volume, std::string(location.name));
    require_room_for_volumes(order.volumes.size());
    check_firewalls(world, order.firewalls);
    if (order.placement_group) require_room_in_group(world, *order.placement_group);
}

Server draft(const OrderFields& order, const ServerType& type, const Location& location) {
    Server server;
    server.name = order.name;
    server.labels = order.labels;
    server.status = "initializing";
    server.location = location.name;
    server.datacenter = location.datacenter;
    server.region = location.network_zone;
    server.server_type = type.name;
    server.primary_disk_size = type.disk;
    server.placement_group = order.placement_group;
    server.user_data = order.user_data;
    return server;
}

}  // namespace

Order check_order(const World& world, OrderFields fields) {
    const ServerType& type = require_by_reference(server_types(), fields.server_type);
    const ImageChoice image = choose_image(world, fields.image, type.architecture);
    require_fits(image, type.disk);
    const Location& location = choose_location(world, fields, type);
    require_in_stock(world, type, std::string(location.name));
    Order order{{}, draft(fields, type, location)};
    order.server.image = image.id;
    order.server.public_keys = public_keys(world, fields.ssh_keys);
    check_attachments(world, fields, location);
    for (const Id network : fields.networks) {
        WantedPlace wanted;
        wanted.network = network;
        order.server.private_net.push_back(choose_place(world, order.server, wanted));
    }
    order.fields = std::move(fields);
    return order;
}

}  // namespace hcloud::sim

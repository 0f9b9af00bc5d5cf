#include "tests/simulator/state/server.h"

#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/isos.h"
#include "tests/simulator/resources/server_types.h"
#include "tests/simulator/values.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = ObjectReader::Pointer;

constexpr Id kDebian12 = 114690387;

std::string read_mac(ObjectReader& reader, const std::string& key, const std::string& otherwise) {
    std::string mac = reader.text(key, otherwise);
    if (!is_mac(mac)) reader.fail(key, fmt::format("'{}' is no MAC address", mac));
    return mac;
}

PrivateNet read_private_net(Id server, const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    PrivateNet net;
    net.network = reader.integer("network").value_or(0);
    net.ip = reader.required_text("ip");
    net.alias_ips = reader.texts("alias_ips");
    net.mac_address =
        read_mac(reader, "mac_address", made_up_mac("86", server * 256 + net.network % 256));
    reader.finish();
    return net;
}

void read_private_nets(Id id, ObjectReader& reader, Server& server) {
    auto& nets = server.private_net;
    reader.each("private_net", [&](const json& value, const Pointer& where) {
        PrivateNet net = read_private_net(id, value, where);
        const bool twice = std::any_of(nets.begin(), nets.end(), [&](const PrivateNet& other) {
            return other.network == net.network;
        });
        if (twice) throw StateError(where / "network", "is attached twice");
        nets.push_back(std::move(net));
    });
}

void read_server_type(ObjectReader& reader, Server& server) {
    server.server_type = reader.text("server_type", server.server_type);
    const ServerType* const type = find_server_type(server.server_type);
    if (type == nullptr) {
        reader.fail("server_type", fmt::format("'{}' is no server type; known: {}",
                                               server.server_type, server_type_names()));
    }
    server.primary_disk_size = reader.integer("primary_disk_size").value_or(type->disk);
}

json document_of(const PrivateNet& net) {
    return {{"network", net.network},
            {"ip", net.ip},
            {"alias_ips", net.alias_ips},
            {"mac_address", net.mac_address}};
}

}  // namespace

Server read_server(Id id, const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    const Location& location = read_location(reader, "location");
    Server server;
    reader.entity(server, fmt::format("server-{}", id));
    server.status = reader.choice("status",
                                  {"running", "off", "initializing", "starting", "stopping",
                                   "deleting", "rebuilding", "migrating", "unknown"},
                                  server.status);
    server.location = location.name;
    server.datacenter = reader.text("datacenter", std::string(location.datacenter));
    server.region = reader.text("region", std::string(location.network_zone));
    read_server_type(reader, server);
    server.image = reader.integer("image");
    if (!value.contains("image")) server.image = kDebian12;  // null: one that is gone
    server.iso = reader.integer("iso");
    if (server.iso && find_iso(*server.iso) == nullptr) {
        reader.fail("iso", fmt::format("there is no ISO {}", *server.iso));
    }
    server.placement_group = reader.integer("placement_group");
    server.backup_window = reader.text("backup_window");
    server.rescue_enabled = reader.boolean("rescue_enabled", false);
    server.rebuild_protection = reader.boolean("rebuild_protection", false);
    server.ignores_acpi = reader.boolean("ignores_acpi", false);
    server.public_mac = read_mac(reader, "public_mac", made_up_mac("96", id));
    server.user_data = reader.text("user_data", "");
    server.public_keys = reader.texts("public_keys");
    read_private_nets(id, reader, server);
    reader.known({"public_ipv4", "public_ipv6"});  // state_json.cpp reads these
    reader.finish();
    return server;
}

json document_of(const Server& server) {
    json document = entity_document(server);
    document.update({{"status", server.status},
                     {"location", server.location},
                     {"datacenter", server.datacenter},
                     {"region", server.region},
                     {"server_type", server.server_type},
                     {"image", or_null(server.image)},
                     {"iso", or_null(server.iso)},
                     {"placement_group", or_null(server.placement_group)},
                     {"backup_window", or_null(server.backup_window)},
                     {"rescue_enabled", server.rescue_enabled},
                     {"rebuild_protection", server.rebuild_protection},
                     {"ignores_acpi", server.ignores_acpi},
                     {"primary_disk_size", server.primary_disk_size},
                     {"public_mac", server.public_mac},
                     {"user_data", server.user_data},
                     {"public_keys", server.public_keys},
                     {"private_net", json::array()}});
    for (const PrivateNet& net : server.private_net)
        document["private_net"].push_back(document_of(net));
    return document;
}

std::string made_up_mac(const char* vendor, Id id) {
    return fmt::format("{}:00:{:02x}:{:02x}:{:02x}:{:02x}", vendor, id >> 24 & 0xff,
                       id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff);
}

}  // namespace hcloud::sim

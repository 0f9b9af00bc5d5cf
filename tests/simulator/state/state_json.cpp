#include "tests/simulator/state/state_json.h"

#include "tests/simulator/state/rules.h"
#include "tests/simulator/values.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = ObjectReader::Pointer;

template <typename T>
std::map<Id, T> read_section(ObjectReader& document, const std::string& key,
                             T (*read)(Id, const json&, const Pointer&)) {
    std::map<Id, T> entries;
    document.each_id(key, [&](Id id, const json& value, const Pointer& where) {
        entries[id] = read(id, value, where);
    });
    return entries;
}

template <typename T>
json section(const std::map<Id, T>& entries) {
    json object = json::object();
    for (const auto& [id, entry] : entries)
        object[std::to_string(id)] = document_of(entry);
    return object;
}

/// "public_ipv4" and "public_ipv6" of a server, which are short for a primary IP.
void read_short_ips(Id id, const json& value, const Pointer& where, State& state) {
    ObjectReader reader(value, where);
    const Server& server = state.servers.at(id);
    const auto ipv4 = reader.text("public_ipv4");
    const auto ipv6 = reader.text("public_ipv6");
    if (ipv4 && !parse_ipv4(*ipv4)) {
        reader.fail("public_ipv4", fmt::format("'{}' is no IPv4 address", *ipv4));
    }
    if (ipv6 && !is_ipv6_network(*ipv6)) {
        reader.fail("public_ipv6", fmt::format("'{}' is no IPv6 /64 network", *ipv6));
    }
    for (const auto& [type, ip] : {std::pair("ipv4", ipv4), std::pair("ipv6", ipv6)}) {
        if (ip) {
            state.primary_ips[short_primary_ip_id(id, type)] =
                short_primary_ip(id, type, *ip, server.location);
        }
    }
}

/// Takes those out of `primary_ips` that the servers can say in short.
void write_short_ips(const State& state, json& servers, json& primary_ips) {
    for (const auto& [id, server] : state.servers) {
        for (const std::string type : {"ipv4", "ipv6"}) {
            json& place = servers[std::to_string(id)]["public_" + type];
            const auto ip = state.primary_ips.find(short_primary_ip_id(id, type));
            if (ip == state.primary_ips.end()) continue;
            if (ip->second != short_primary_ip(id, type, ip->second.ip, server.location)) continue;
            place = ip->second.ip;
            primary_ips.erase(std::to_string(ip->first));
        }
    }
}

}  // namespace

State parse_state(const json& document) {
    ObjectReader reader(document, Pointer());
    State state;
    state.profile = read_profile(reader);
    state.tokens = read_tokens(reader);
    state.rate_limit = read_rate_limit(reader);
    state.actions = read_actions(reader);
    state.limits = read_limits(reader);
    state.out_of_stock = read_out_of_stock(reader);
    state.switches = Switches::read(reader);
    state.metadata = read_metadata(reader);
    state.networks = read_section(reader, "networks", read_network);
    state.servers = read_section(reader, "servers", read_server);
    state.floating_ips = read_section(reader, "floating_ips", read_floating_ip);
    state.primary_ips = read_section(reader, "primary_ips", read_primary_ip);
    state.volumes = read_section(reader, "volumes", read_volume);
    state.ssh_keys = read_section(reader, "ssh_keys", read_ssh_key);
    state.certificates = read_section(reader, "certificates", read_certificate);
    state.firewalls = read_section(reader, "firewalls", read_firewall);
    state.images = read_section(reader, "images", read_image);
    state.placement_groups = read_section(reader, "placement_groups", read_placement_group);
    state.load_balancers = read_section(reader, "load_balancers", read_load_balancer);
    reader.each_id("servers", [&](Id id, const json& value, const Pointer& where) {
        read_short_ips(id, value, where, state);
    });
    reader.finish();
    check_rules(state);
    return state;
}

json to_json(const State& state) {
    json document = json::object();
    write_profile(document, state.profile);
    write_tokens(document, state.tokens);
    write_rate_limit(document, state.rate_limit);
    write_actions(document, state.actions);
    document["limits"] = state.limits;
    document["out_of_stock"] = state.out_of_stock;
    document["switches"] = state.switches.document();
    write_metadata(document, state.metadata);
    each_kind(state,
              [&](const char* kind, const auto& entries) { document[kind] = section(entries); });
    write_short_ips(state, document["servers"], document["primary_ips"]);
    return document;
}

std::optional<std::string> public_ip_of(const State& state, Id server, const std::string& type) {
    const auto ip = primary_ip_of(state.primary_ips, server, type);
    if (ip == state.primary_ips.end()) return std::nullopt;
    return ip->second.ip;
}

}  // namespace hcloud::sim

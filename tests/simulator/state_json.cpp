#include "tests/simulator/state_json.h"

#include "tests/simulator/catalog.h"
#include "tests/simulator/object_reader.h"
#include "tests/simulator/values.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

const std::vector<std::string> kAccessNames{"read-write", "read-only"};

std::string default_mac(const char* vendor, Id id) {
    return fmt::format("{}:00:{:02x}:{:02x}:{:02x}:{:02x}", vendor, id >> 24 & 0xff,
                       id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff);
}

std::string read_mac(ObjectReader& reader, const std::string& key, const std::string& otherwise) {
    std::string mac = reader.text(key, otherwise);
    if (!is_mac(mac)) reader.fail(key, fmt::format("'{}' is no MAC address", mac));
    return mac;
}

const Location& read_location(ObjectReader& reader, const std::string& key) {
    const std::string name = reader.text(key, "fsn1");
    const Location* const location = find_location(name);
    if (location == nullptr) {
        reader.fail(key, fmt::format("'{}' is no location; known: {}", name, location_names()));
    }
    return *location;
}

std::optional<std::map<std::string, Access>> read_tokens(ObjectReader& parent) {
    const json* const value = parent.find("tokens");
    if (value == nullptr) return std::nullopt;
    ObjectReader reader(*value, parent.at("tokens"));
    std::map<std::string, Access> tokens;
    for (const auto& [token, unused] : value->items()) {
        const bool writes = reader.choice(token, kAccessNames, "read-only") == "read-write";
        tokens[token] = writes ? Access::read_write : Access::read_only;
    }
    return tokens;
}

RateLimit read_rate_limit(ObjectReader& parent) {
    const json* const value = parent.find("rate_limit");
    if (value == nullptr) return {};
    ObjectReader reader(*value, parent.at("rate_limit"));
    RateLimit rate;
    rate.limit = reader.integer("limit").value_or(rate.limit);
    if (rate.limit < 1) reader.fail("limit", "must be at least 1");
    rate.remaining = reader.integer("remaining").value_or(rate.limit);
    if (rate.remaining < 0 || rate.remaining > rate.limit) {
        reader.fail("remaining", fmt::format("must be between 0 and the limit of {}", rate.limit));
    }
    reader.finish();
    return rate;
}

Network read_network(Id id, const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    Network network;
    network.name = reader.text("name", fmt::format("network-{}", id));
    network.ip_range = reader.required_text("ip_range");
    const auto range = parse_range(network.ip_range);
    if (!range) reader.fail("ip_range", fmt::format("'{}' is no IPv4 network", network.ip_range));
    network.subnets = reader.texts("subnets");
    for (const std::string& subnet : network.subnets) {
        const auto part = parse_range(subnet);
        if (!part || !range->contains(*part)) {
            reader.fail("subnets",
                        fmt::format("'{}' is no network inside {}", subnet, network.ip_range));
        }
    }
    network.labels = reader.labels("labels");
    reader.finish();
    return network;
}

PrivateNet read_private_net(Id server, const json& value, const Pointer& where,
                            const State& state) {
    ObjectReader reader(value, where);
    PrivateNet net;
    net.network = reader.integer("network").value_or(0);
    const auto network = state.networks.find(net.network);
    if (network == state.networks.end()) {
        reader.fail("network", fmt::format("there is no network {}", net.network));
    }
    net.ip = reader.required_text("ip");
    net.alias_ips = reader.texts("alias_ips");
    const Ipv4Range range = *parse_range(network->second.ip_range);
    auto check = [&](const std::string& key, const std::string& ip) {
        const auto address = parse_ipv4(ip);
        if (!address || !range.contains(*address)) {
            reader.fail(key, fmt::format("'{}' is no address of {}", ip, network->second.ip_range));
        }
    };
    check("ip", net.ip);
    for (const std::string& alias : net.alias_ips)
        check("alias_ips", alias);
    net.mac_address =
        read_mac(reader, "mac_address", default_mac("86", server * 256 + net.network % 256));
    reader.finish();
    return net;
}

std::vector<PrivateNet> read_private_nets(Id server, ObjectReader& parent, const State& state) {
    const json* const value = parent.find("private_net");
    if (value == nullptr) return {};
    if (!value->is_array()) parent.fail("private_net", "must be a list");
    std::vector<PrivateNet> nets;
    for (std::size_t i = 0; i < value->size(); ++i) {
        const Pointer where = parent.at("private_net") / i;
        nets.push_back(read_private_net(server, (*value)[i], where, state));
        const auto first = std::find_if(nets.begin(), nets.end(), [&](const PrivateNet& net) {
            return net.network == nets.back().network;
        });
        if (first != nets.end() - 1) throw StateError(where / "network", "is attached twice");
    }
    return nets;
}

Server read_server(Id id, const json& value, const Pointer& where, const State& state) {
    ObjectReader reader(value, where);
    const Location& location = read_location(reader, "location");
    Server server;
    server.name = reader.text("name", fmt::format("server-{}", id));
    server.location = location.name;
    server.datacenter = reader.text("datacenter", std::string(location.datacenter));
    server.region = reader.text("region", std::string(location.network_zone));
    server.public_ipv4 = reader.text("public_ipv4");
    if (server.public_ipv4 && !parse_ipv4(*server.public_ipv4)) {
        reader.fail("public_ipv4", fmt::format("'{}' is no IPv4 address", *server.public_ipv4));
    }
    server.public_ipv6 = reader.text("public_ipv6");
    if (server.public_ipv6 && !is_ipv6_network(*server.public_ipv6)) {
        reader.fail("public_ipv6", fmt::format("'{}' is no IPv6 /64 network", *server.public_ipv6));
    }
    server.public_mac = read_mac(reader, "public_mac", default_mac("96", id));
    server.user_data = reader.text("user_data", "");
    server.labels = reader.labels("labels");
    server.private_net = read_private_nets(id, reader, state);
    reader.finish();
    return server;
}

FloatingIp read_floating_ip(Id id, const json& value, const Pointer& where, const State& state) {
    ObjectReader reader(value, where);
    FloatingIp floating;
    floating.name = reader.text("name", fmt::format("floating-ip-{}", id));
    floating.description = reader.text("description", "");
    floating.ip = reader.required_text("ip");
    const bool ipv4 = parse_ipv4(floating.ip).has_value();
    if (!ipv4 && !is_ipv6_network(floating.ip)) {
        reader.fail("ip", fmt::format("'{}' is neither an IPv4 address nor an IPv6 /64 network",
                                      floating.ip));
    }
    floating.type = reader.choice("type", {"ipv4", "ipv6"}, ipv4 ? "ipv4" : "ipv6");
    if (ipv4 != (floating.type == "ipv4")) {
        reader.fail("type", fmt::format("'{}' does not fit {}", floating.type, floating.ip));
    }
    floating.server = reader.integer("server");
    if (floating.server && state.servers.count(*floating.server) == 0) {
        reader.fail("server", fmt::format("there is no server {}", *floating.server));
    }
    floating.home_location = read_location(reader, "home_location").name;
    floating.labels = reader.labels("labels");
    reader.finish();
    return floating;
}

MetadataOptions read_metadata(ObjectReader& parent, const State& state) {
    const json* const value = parent.find("metadata");
    if (value == nullptr) return {};
    ObjectReader reader(*value, parent.at("metadata"));
    MetadataOptions options;
    options.default_server = reader.integer("default_server");
    if (options.default_server && state.servers.count(*options.default_server) == 0) {
        reader.fail("default_server",
                    fmt::format("there is no server {}", *options.default_server));
    }
    options.lag = reader.duration("lag", options.lag);
    options.private_networks_when_none =
        reader.choice("private_networks_when_none", {"[]", "empty", "204", "404"},
                      options.private_networks_when_none);
    options.public_ipv4_when_none = reader.choice("public_ipv4_when_none", {"404", "empty", "204"},
                                                  options.public_ipv4_when_none);
    reader.finish();
    return options;
}

void refuse_shared_addresses(const State& state) {
    std::set<std::pair<Id, std::string>> used;
    for (const auto& [id, server] : state.servers) {
        for (std::size_t i = 0; i < server.private_net.size(); ++i) {
            const PrivateNet& net = server.private_net[i];
            const Pointer where = Pointer() / "servers" / std::to_string(id) / "private_net" / i;
            std::vector<std::string> addresses = net.alias_ips;
            addresses.push_back(net.ip);
            for (const std::string& ip : addresses) {
                if (used.emplace(net.network, ip).second) continue;
                throw StateError(
                    where, fmt::format("address {} is used twice in network {}", ip, net.network));
            }
        }
    }
}

}  // namespace

StateError::StateError(Pointer where, std::string reason)
    : std::runtime_error(where.empty() ? reason : dotted(where) + ": " + reason),
      where_(std::move(where)),
      reason_(std::move(reason)) {}

std::string dotted(const Pointer& where) {
    std::string text = where.to_string();
    if (!text.empty()) text.erase(0, 1);
    std::replace(text.begin(), text.end(), '/', '.');
    return text;
}

State parse_state(const json& document) {
    ObjectReader reader(document, Pointer());
    State state;
    state.tokens = read_tokens(reader);
    state.rate_limit = read_rate_limit(reader);
    state.action_duration = reader.duration("action_duration", state.action_duration);
    reader.each_id("networks", [&](Id id, const json& value, const Pointer& where) {
        state.networks[id] = read_network(id, value, where);
    });
    reader.each_id("servers", [&](Id id, const json& value, const Pointer& where) {
        state.servers[id] = read_server(id, value, where, state);
    });
    reader.each_id("floating_ips", [&](Id id, const json& value, const Pointer& where) {
        state.floating_ips[id] = read_floating_ip(id, value, where, state);
    });
    state.metadata = read_metadata(reader, state);
    reader.finish();
    refuse_shared_addresses(state);
    return state;
}

}  // namespace hcloud::sim

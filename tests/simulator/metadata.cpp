// The metadata service: who asks, and what it is told.
#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

namespace hcloud::sim {

namespace {

bool has_private_ip(const Server& server, const std::string& ip) {
    for (const PrivateNet& net : server.private_net) {
        const auto& alias_ips = net.alias_ips;
        if (net.ip == ip) return true;
        if (std::find(alias_ips.begin(), alias_ips.end(), ip) != alias_ips.end()) return true;
    }
    return false;
}

/// Like the real service, which knows its callers by the address they come from: behind a NAT
/// gateway a server is told the gateway's identity.
std::optional<Id> caller(const State& state, const std::string& source) {
    for (const auto& [id, floating] : state.floating_ips) {
        const bool from = floating.ip == source || ipv6_network_contains(floating.ip, source);
        if (from && floating.server) return floating.server;
    }
    for (const auto& [id, server] : state.servers) {
        if (server.public_ipv4 == source || has_private_ip(server, source)) return id;
        if (server.public_ipv6 && ipv6_network_contains(*server.public_ipv6, source)) return id;
    }
    if (state.metadata.default_server) return state.metadata.default_server;
    if (state.servers.size() == 1) return state.servers.begin()->first;
    return std::nullopt;
}

YAML::Node public_interface(const Server& server) {
    YAML::Node subnets(YAML::NodeType::Sequence);
    if (server.public_ipv4) {
        YAML::Node dhcp;
        dhcp["ipv4"] = true;
        dhcp["type"] = "dhcp";
        subnets.push_back(dhcp);
    }
    if (server.public_ipv6) {
        YAML::Node fixed;
        fixed["address"] = first_ipv6_host(*server.public_ipv6);
        fixed["dns_nameservers"].push_back("2a01:4ff:ff00::add:2");
        fixed["dns_nameservers"].push_back("2a01:4ff:ff00::add:1");
        fixed["gateway"] = "fe80::1";
        fixed["ipv6"] = true;
        fixed["type"] = "static";
        subnets.push_back(fixed);
    }
    YAML::Node interface;
    interface["mac_address"] = server.public_mac;
    interface["name"] = "eth0";
    interface["subnets"] = subnets;
    interface["type"] = "physical";
    return interface;
}

YAML::Node network_config(const Server& server) {
    YAML::Node config;
    config["config"] = YAML::Node(YAML::NodeType::Sequence);
    if (server.public_ipv4 || server.public_ipv6)
        config["config"].push_back(public_interface(server));
    config["version"] = 1;
    return config;
}

std::string network_sysconfig(const Server& server) {
    std::string text =
        "DEVICE='eth0'\nTYPE=Ethernet\nBOOTPROTO=dhcp\nONBOOT=yes\nHWADDR=" + server.public_mac +
        "\n";
    if (server.public_ipv6) {
        text += "IPV6INIT=yes\nIPV6ADDR=" + first_ipv6_host(*server.public_ipv6) +
                "\nIPV6_DEFAULTGW=fe80::1%eth0\nIPV6_AUTOCONF=no\n";
    }
    return text;
}

std::string to_text(const YAML::Node& node) {
    YAML::Emitter out;
    out << node;
    return std::string(out.c_str()) + "\n";
}

Response when_none(const std::string& how) {
    if (how == "404") return text_response(404, "not found\n");
    if (how == "204") return text_response(204, "");
    return text_response(200, how == "empty" ? "" : how + "\n");
}

std::string root(const State& state, Id id, const Server& server) {
    YAML::Node node;
    node["availability-zone"] = server.datacenter;
    node["hostname"] = server.name;
    node["instance-id"] = id;
    node["local-ipv4"] = "";
    node["network-config"] = network_config(server);
    node["network-sysconfig"] = network_sysconfig(server);
    if (server.public_ipv4) {
        node["public-ipv4"] = *server.public_ipv4;
    } else if (state.metadata.public_ipv4_when_none == "empty") {
        node["public-ipv4"] = "";
    }
    node["public-keys"] = YAML::Node(YAML::NodeType::Sequence);
    node["public-keys"].SetStyle(YAML::EmitterStyle::Flow);
    node["region"] = server.region;
    node["vendor_data"] = "#cloud-config\n";
    return to_text(node);
}

Response private_networks(const State& state, const State& now, const Server& server) {
    if (server.private_net.empty()) return when_none(now.metadata.private_networks_when_none);
    struct Entry {
        const PrivateNet* net;
        std::size_t interface_num;
    };
    std::vector<Entry> entries;
    for (const PrivateNet& net : server.private_net)
        entries.push_back({&net, entries.size() + 1});
    // Not in the order of the interfaces, which the real list does not promise either.
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.net->network < b.net->network; });
    YAML::Node list(YAML::NodeType::Sequence);
    for (const auto& [net, interface_num] : entries) {
        const Network& network = state.networks.at(net->network);
        const auto address = parse_ipv4(net->ip);
        const auto subnet = std::find_if(
            network.subnets.begin(), network.subnets.end(), [&](const std::string& cidr) {
                return address && parse_range(cidr)->contains(*address);
            });
        YAML::Node entry;
        entry["ip"] = net->ip;
        entry["alias_ips"] = net->alias_ips;
        entry["alias_ips"].SetStyle(YAML::EmitterStyle::Flow);
        entry["interface_num"] = interface_num;
        entry["mac_address"] = net->mac_address;
        entry["network_id"] = net->network;
        entry["network_name"] = network.name;
        entry["network"] = network.ip_range;
        entry["subnet"] = subnet == network.subnets.end() ? std::string() : *subnet;
        entry["gateway"] = format_ipv4(parse_range(network.ip_range)->base + 1);
        list.push_back(entry);
    }
    return text_response(200, to_text(list));
}

/// Finds the caller, then answers with what is known of it `lag` ago.
template <typename Answer>
Handler for_caller(Answer answer) {
    return [answer](World& world, const Request& request) {
        const State& state = world.metadata_state();
        const auto id = caller(world.state(), request.source);
        const auto server = id ? state.servers.find(*id) : state.servers.end();
        if (server == state.servers.end()) {
            throw ApiError(404, "not_found", "no server has the address " + request.source);
        }
        return answer(world, server->first, server->second);
    };
}

template <typename Text>
void add_leaf(Router& router, const std::string& name, Text text) {
    router.add("GET", "/hetzner/v1/metadata/" + name,
               for_caller([text](World&, Id id, const Server& server) {
                   return text_response(200, text(id, server));
               }));
}

}  // namespace

void add_metadata(Router& router) {
    router.add("GET", "/hetzner/v1/metadata",
               for_caller([](World& world, Id id, const Server& server) {
                   return text_response(200, root(world.state(), id, server));
               }));
    router.add("GET", "/hetzner/v1/userdata", for_caller([](World&, Id, const Server& server) {
                   return text_response(server.user_data.empty() ? 204 : 200, server.user_data);
               }));
    router.add("GET", "/hetzner/v1/metadata/public-ipv4",
               for_caller([](World& world, Id, const Server& server) {
                   if (server.public_ipv4) return text_response(200, *server.public_ipv4);
                   return when_none(world.state().metadata.public_ipv4_when_none);
               }));
    router.add("GET", "/hetzner/v1/metadata/private-networks",
               for_caller([](World& world, Id, const Server& server) {
                   return private_networks(world.metadata_state(), world.state(), server);
               }));
    add_leaf(router, "hostname", [](Id, const Server& server) { return server.name; });
    add_leaf(router, "instance-id", [](Id id, const Server&) { return std::to_string(id); });
    add_leaf(router, "availability-zone",
             [](Id, const Server& server) { return server.datacenter; });
    add_leaf(router, "region", [](Id, const Server& server) { return server.region; });
    add_leaf(router, "local-ipv4", [](Id, const Server&) { return ""; });
    add_leaf(router, "public-keys", [](Id, const Server&) { return "[]"; });
    add_leaf(router, "network-config",
             [](Id, const Server& server) { return to_text(network_config(server)); });
    add_leaf(router, "network-sysconfig",
             [](Id, const Server& server) { return network_sysconfig(server); });
}

}  // namespace hcloud::sim

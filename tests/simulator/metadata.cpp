// The metadata service: who asks, and what it is told.
#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"
#include "tests/simulator/values.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

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
    for (const auto& [id, ip] : state.primary_ips) {
        const bool from = ip.ip == source || ipv6_network_contains(ip.ip, source);
        if (from && ip.assignee) return ip.assignee;
    }
    for (const auto& [id, server] : state.servers) {
        if (has_private_ip(server, source)) return id;
    }
    if (state.metadata.default_server) return state.metadata.default_server;
    if (state.servers.size() == 1) return state.servers.begin()->first;
    return std::nullopt;
}

/// A server and its public addresses: all that the metadata of one is made of.
struct View {
    const State& state;
    Id id;
    const Server& server;
    std::optional<std::string> ipv4 = public_ip_of(state, id, "ipv4");
    std::optional<std::string> ipv6 = public_ip_of(state, id, "ipv6");
};

YAML::Node public_interface(const View& view) {
    YAML::Node subnets(YAML::NodeType::Sequence);
    if (view.ipv4) {
        YAML::Node dhcp;
        dhcp["ipv4"] = true;
        dhcp["type"] = "dhcp";
        subnets.push_back(dhcp);
    }
    if (view.ipv6) {
        YAML::Node fixed;
        fixed["address"] = first_ipv6_host(*view.ipv6);
        fixed["dns_nameservers"].push_back("2a01:4ff:ff00::add:2");
        fixed["dns_nameservers"].push_back("2a01:4ff:ff00::add:1");
        fixed["gateway"] = "fe80::1";
        fixed["ipv6"] = true;
        fixed["type"] = "static";
        subnets.push_back(fixed);
    }
    YAML::Node interface;
    interface["mac_address"] = view.server.public_mac;
    interface["name"] = "eth0";
    interface["subnets"] = subnets;
    interface["type"] = "physical";
    return interface;
}

YAML::Node network_config(const View& view) {
    YAML::Node config;
    config["config"] = YAML::Node(YAML::NodeType::Sequence);
    if (view.ipv4 || view.ipv6) config["config"].push_back(public_interface(view));
    config["version"] = 1;
    return config;
}

std::string network_sysconfig(const View& view) {
    std::string text = "DEVICE='eth0'\nTYPE=Ethernet\nBOOTPROTO=dhcp\nONBOOT=yes\nHWADDR=" +
                       view.server.public_mac + "\n";
    if (view.ipv6) {
        text += "IPV6INIT=yes\nIPV6ADDR=" + first_ipv6_host(*view.ipv6) +
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

std::string root(const MetadataOptions& options, const View& view) {
    YAML::Node node;
    node["availability-zone"] = view.server.datacenter;
    node["hostname"] = view.server.name;
    node["instance-id"] = view.id;
    node["local-ipv4"] = "";
    node["network-config"] = network_config(view);
    node["network-sysconfig"] = network_sysconfig(view);
    if (view.ipv4) {
        node["public-ipv4"] = *view.ipv4;
    } else if (options.public_ipv4_when_none == "empty") {
        node["public-ipv4"] = "";
    }
    node["public-keys"] = view.server.public_keys;
    node["public-keys"].SetStyle(YAML::EmitterStyle::Flow);
    node["region"] = view.server.region;
    node["vendor_data"] = "#cloud-config\n";
    return to_text(node);
}

Response private_networks(const MetadataOptions& options, const View& view) {
    if (view.server.private_net.empty()) return when_none(options.private_networks_when_none);
    struct Entry {
        const PrivateNet* net;
        std::size_t interface_num;
    };
    std::vector<Entry> entries;
    for (const PrivateNet& net : view.server.private_net)
        entries.push_back({&net, entries.size() + 1});
    // Not in the order of the interfaces, which the real list does not promise either.
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.net->network < b.net->network; });
    YAML::Node list(YAML::NodeType::Sequence);
    for (const auto& [net, interface_num] : entries) {
        const Network& network = view.state.networks.at(net->network);
        const auto address = parse_ipv4(net->ip);
        const auto subnet = std::find_if(
            network.subnets.begin(), network.subnets.end(), [&](const Subnet& candidate) {
                return address && parse_range(candidate.ip_range)->contains(*address);
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
        entry["subnet"] = subnet == network.subnets.end() ? std::string() : subnet->ip_range;
        entry["gateway"] = format_ipv4(parse_range(network.ip_range)->base + 1);
        list.push_back(entry);
    }
    return text_response(200, to_text(list));
}

/// Finds the caller, then answers with what is known of it `lag` ago; how, is up to the options of
/// now.
template <typename Answer>
void add(Router& router, const std::string& path, Answer answer) {
    router.add("GET", "/hetzner/v1/" + path, [answer](World& world, const Request& request) {
        const State& state = world.metadata_state();
        const auto id = caller(world.state(), request.source);
        const auto server = id ? state.servers.find(*id) : state.servers.end();
        if (server == state.servers.end()) {
            throw ApiError(404, "not_found", "no server has the address " + request.source);
        }
        return answer(world.state().metadata, View{state, server->first, server->second});
    });
}

template <typename Text>
void add_leaf(Router& router, const std::string& name, Text text) {
    add(router, "metadata/" + name, [text](const MetadataOptions&, const View& view) {
        return text_response(200, text(view));
    });
}

}  // namespace

void add_metadata(Router& router) {
    add(router, "metadata", [](const MetadataOptions& options, const View& view) {
        return text_response(200, root(options, view));
    });
    add(router, "userdata", [](const MetadataOptions&, const View& view) {
        const std::string& user_data = view.server.user_data;
        return text_response(user_data.empty() ? 204 : 200, user_data);
    });
    add(router, "metadata/public-ipv4", [](const MetadataOptions& options, const View& view) {
        return view.ipv4 ? text_response(200, *view.ipv4)
                         : when_none(options.public_ipv4_when_none);
    });
    add(router, "metadata/private-networks", private_networks);
    add_leaf(router, "hostname", [](const View& view) { return view.server.name; });
    add_leaf(router, "instance-id", [](const View& view) { return std::to_string(view.id); });
    add_leaf(router, "availability-zone", [](const View& view) { return view.server.datacenter; });
    add_leaf(router, "region", [](const View& view) { return view.server.region; });
    add_leaf(router, "local-ipv4", [](const View&) { return ""; });
    add_leaf(router, "public-keys",
             [](const View& view) { return json(view.server.public_keys).dump(); });
    add_leaf(router, "network-config",
             [](const View& view) { return to_text(network_config(view)); });
    add_leaf(router, "network-sysconfig", network_sysconfig);
}

}  // namespace hcloud::sim

#include "tests/simulator/state/network.h"

#include "tests/simulator/values.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = ObjectReader::Pointer;

/// "10.0.0.0/24", or a mapping where more is to be said.
Subnet read_subnet(const json& value, const Pointer& where) {
    Subnet subnet;
    if (value.is_string()) {
        subnet.ip_range = value;
        return subnet;
    }
    ObjectReader reader(value, where);
    subnet.ip_range = reader.required_text("ip_range");
    subnet.type = reader.choice("type", {"cloud", "server", "vswitch"}, subnet.type);
    subnet.network_zone = reader.text("network_zone", subnet.network_zone);
    subnet.vswitch = reader.integer("vswitch");
    reader.finish();
    return subnet;
}

std::vector<Subnet> read_subnets(ObjectReader& parent, const Network& network) {
    std::vector<Subnet> subnets;
    parent.each("subnets", [&](const json& value, const Pointer& where) {
        subnets.push_back(read_subnet(value, where));
        const auto part = parse_range(subnets.back().ip_range);
        if (part && parse_range(network.ip_range)->contains(*part)) return;
        parent.fail("subnets", fmt::format("'{}' is no network inside {}", subnets.back().ip_range,
                                           network.ip_range));
    });
    return subnets;
}

Route read_route(const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    Route route{reader.required_text("destination"), reader.required_text("gateway")};
    if (!parse_range(route.destination)) reader.fail("destination", "is no IPv4 network");
    if (!parse_ipv4(route.gateway)) reader.fail("gateway", "is no IPv4 address");
    reader.finish();
    return route;
}

json document_of(const Subnet& subnet) {
    Subnet plain;
    plain.ip_range = subnet.ip_range;
    if (subnet == plain) return subnet.ip_range;
    return {{"type", subnet.type},
            {"ip_range", subnet.ip_range},
            {"network_zone", subnet.network_zone},
            {"vswitch", subnet.vswitch ? json(*subnet.vswitch) : json(nullptr)}};
}

}  // namespace

Network read_network(Id id, const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    Network network;
    reader.entity(network, fmt::format("network-{}", id));
    network.ip_range = reader.required_text("ip_range");
    if (!parse_range(network.ip_range)) {
        reader.fail("ip_range", fmt::format("'{}' is no IPv4 network", network.ip_range));
    }
    network.subnets = read_subnets(reader, network);
    reader.each("routes", [&](const json& route, const Pointer& place) {
        network.routes.push_back(read_route(route, place));
    });
    network.expose_routes_to_vswitch = reader.boolean("expose_routes_to_vswitch", false);
    reader.finish();
    return network;
}

json document_of(const Network& network) {
    json document = entity_document(network);
    document["ip_range"] = network.ip_range;
    document["subnets"] = json::array();
    for (const Subnet& subnet : network.subnets)
        document["subnets"].push_back(document_of(subnet));
    document["routes"] = json::array();
    for (const auto& [destination, gateway] : network.routes)
        document["routes"].push_back({{"destination", destination}, {"gateway", gateway}});
    document["expose_routes_to_vswitch"] = network.expose_routes_to_vswitch;
    return document;
}

bool usable(const Network& network, const std::string& ip) {
    const Ipv4Range range = *parse_range(network.ip_range);
    const auto address = parse_ipv4(ip);
    if (ip == "172.31.1.1") return false;
    return address && range.contains(*address) && *address > range.base + 1 &&
           *address - range.base < range.size() - 1;
}

}  // namespace hcloud::sim

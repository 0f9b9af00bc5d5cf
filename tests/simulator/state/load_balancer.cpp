#include "tests/simulator/state/load_balancer.h"

#include "tests/simulator/label_selector.h"
#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/load_balancer_types.h"
#include "tests/simulator/values.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = ObjectReader::Pointer;

/// The key that is there says the type: {server: 42}, {label_selector: "a=b"}, {ip: 192.0.2.1}.
LoadBalancerTarget read_target(const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    LoadBalancerTarget target;
    const auto server = reader.integer("server");
    const auto selector = reader.text("label_selector");
    const auto ip = reader.text("ip");
    target.use_private_ip = reader.boolean("use_private_ip", false);
    reader.finish();
    if (server.has_value() + selector.has_value() + ip.has_value() != 1) {
        throw StateError(where, "must have one of server, label_selector and ip");
    }
    target.type = server ? "server" : selector ? "label_selector" : "ip";
    target.server = server.value_or(0);
    target.selector = selector.value_or("");
    target.ip = ip.value_or("");
    if (!LabelSelector::parse(target.selector)) {
        reader.fail("label_selector", fmt::format("'{}' is no label selector", target.selector));
    }
    if (ip && !parse_ipv4(*ip)) reader.fail("ip", fmt::format("'{}' is no IPv4 address", *ip));
    return target;
}

json document_of(const LoadBalancerTarget& target) {
    json document = {{"use_private_ip", target.use_private_ip}};
    if (target.type == "server") document["server"] = target.server;
    if (target.type == "label_selector") document["label_selector"] = target.selector;
    if (target.type == "ip") document["ip"] = target.ip;
    return document;
}

std::optional<LoadBalancerNet> read_private_net(ObjectReader& parent) {
    const json* const value = parent.find("private_net");
    if (value == nullptr) return std::nullopt;
    ObjectReader reader(*value, parent.at("private_net"));
    LoadBalancerNet net{reader.integer("network").value_or(0), reader.required_text("ip")};
    reader.finish();
    return net;
}

void read_addresses(Id id, ObjectReader& reader, LoadBalancer& balancer) {
    balancer.ipv4 = reader.text("ipv4", fmt::format("192.0.2.{}", id % 254 + 1));
    balancer.ipv6 = reader.text("ipv6", fmt::format("2001:db8:0:{:x}::/64", id % 0xffff));
    if (!parse_ipv4(balancer.ipv4)) reader.fail("ipv4", "is no IPv4 address");
    if (!is_ipv6_network(balancer.ipv6)) reader.fail("ipv6", "is no IPv6 /64 network");
    balancer.public_interface = reader.boolean("public_interface", true);
    balancer.dns_ptr = reader.mapping("dns_ptr");
}

void read_health(ObjectReader& reader, LoadBalancer& balancer) {
    static const std::vector<std::string> kKnown{"healthy", "unhealthy", "unknown"};
    balancer.health = reader.mapping("health");
    for (const auto& [target, health] : balancer.health) {
        if (std::find(kKnown.begin(), kKnown.end(), health) != kKnown.end()) continue;
        throw StateError(reader.at("health") / target,
                         fmt::format("must be healthy, unhealthy or unknown, not '{}'", health));
    }
}

}  // namespace

const std::vector<std::string> kAlgorithms{"round_robin", "least_connections"};

std::string LoadBalancer::ipv6_address() const {
    const std::string host = first_ipv6_host(ipv6);
    return host.substr(0, host.find('/'));
}

bool LoadBalancerTarget::same_place(const LoadBalancerTarget& other) const {
    return type == other.type && server == other.server && selector == other.selector &&
           ip == other.ip;
}

LoadBalancer read_load_balancer(Id id, const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    LoadBalancer balancer;
    reader.entity(balancer, fmt::format("load-balancer-{}", id));
    balancer.location = read_location(reader, "location").name;
    balancer.load_balancer_type = reader.text("load_balancer_type", balancer.load_balancer_type);
    if (find_by_reference(load_balancer_types(), balancer.load_balancer_type) == nullptr) {
        reader.fail("load_balancer_type",
                    fmt::format("'{}' is no load balancer type", balancer.load_balancer_type));
    }
    balancer.algorithm = reader.choice("algorithm", kAlgorithms, balancer.algorithm);
    read_addresses(id, reader, balancer);
    balancer.private_net = read_private_net(reader);
    reader.each("services", [&](const json& service, const Pointer& place) {
        balancer.services.push_back(read_service(service, place));
    });
    reader.each("targets", [&](const json& target, const Pointer& place) {
        balancer.targets.push_back(read_target(target, place));
    });
    read_health(reader, balancer);
    reader.finish();
    return balancer;
}

json document_of(const LoadBalancer& balancer) {
    json document = entity_document(balancer);
    document["location"] = balancer.location;
    document["load_balancer_type"] = balancer.load_balancer_type;
    document["algorithm"] = balancer.algorithm;
    document["ipv4"] = balancer.ipv4;
    document["ipv6"] = balancer.ipv6;
    document["public_interface"] = balancer.public_interface;
    document["dns_ptr"] = balancer.dns_ptr;
    document["private_net"] = nullptr;
    if (const auto& net = balancer.private_net) {
        document["private_net"] = {{"network", net->network}, {"ip", net->ip}};
    }
    document["services"] = json::array();
    for (const LoadBalancerService& service : balancer.services)
        document["services"].push_back(service_json(service));
    document["targets"] = json::array();
    for (const LoadBalancerTarget& target : balancer.targets)
        document["targets"].push_back(document_of(target));
    document["health"] = balancer.health;
    return document;
}

}  // namespace hcloud::sim

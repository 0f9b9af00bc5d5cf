#include "tests/simulator/state_json.h"
#include "tests/simulator/values.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

template <typename T>
json or_null(const std::optional<T>& value) {
    return value ? json(*value) : json(nullptr);
}

json to_json(const Network& network) {
    return {{"name", network.name},
            {"ip_range", network.ip_range},
            {"subnets", network.subnets},
            {"labels", network.labels}};
}

json to_json(const PrivateNet& net) {
    return {{"network", net.network},
            {"ip", net.ip},
            {"alias_ips", net.alias_ips},
            {"mac_address", net.mac_address}};
}

json to_json(const Server& server) {
    json nets = json::array();
    for (const PrivateNet& net : server.private_net)
        nets.push_back(to_json(net));
    return {{"name", server.name},
            {"location", server.location},
            {"datacenter", server.datacenter},
            {"region", server.region},
            {"public_ipv4", or_null(server.public_ipv4)},
            {"public_ipv6", or_null(server.public_ipv6)},
            {"public_mac", server.public_mac},
            {"user_data", server.user_data},
            {"labels", server.labels},
            {"private_net", nets}};
}

json to_json(const FloatingIp& floating) {
    return {{"name", floating.name},
            {"description", floating.description},
            {"type", floating.type},
            {"ip", floating.ip},
            {"server", or_null(floating.server)},
            {"home_location", floating.home_location},
            {"labels", floating.labels}};
}

json to_json(const MetadataOptions& options) {
    return {{"default_server", or_null(options.default_server)},
            {"lag", format_duration(options.lag)},
            {"private_networks_when_none", options.private_networks_when_none},
            {"public_ipv4_when_none", options.public_ipv4_when_none}};
}

template <typename T>
json by_id(const std::map<Id, T>& entries) {
    json object = json::object();
    for (const auto& [id, entry] : entries)
        object[std::to_string(id)] = to_json(entry);
    return object;
}

}  // namespace

json to_json(const State& state) {
    json document{{"rate_limit",
                   {{"limit", state.rate_limit.limit}, {"remaining", state.rate_limit.remaining}}},
                  {"action_duration", format_duration(state.action_duration)},
                  {"networks", by_id(state.networks)},
                  {"servers", by_id(state.servers)},
                  {"floating_ips", by_id(state.floating_ips)},
                  {"metadata", to_json(state.metadata)}};
    if (state.tokens) {
        json tokens = json::object();
        for (const auto& [token, access] : *state.tokens) {
            tokens[token] = access == Access::read_write ? "read-write" : "read-only";
        }
        document["tokens"] = tokens;
    }
    return document;
}

}  // namespace hcloud::sim

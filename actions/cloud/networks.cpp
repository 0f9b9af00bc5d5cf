#include "actions/cloud/networks.h"

#include "actions/cloud/changes.h"
#include "actions/cloud/resource.h"
#include "actions/cloud/servers.h"

#include <algorithm>
#include <set>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

Network::Subnet read_subnet(const Fields& fields) {
    return {fields.text("type").value_or(""), fields.text("ip_range").value_or(""),
            fields.text("gateway").value_or(""), fields.text("network_zone").value_or("")};
}

Network::Route read_route(const Fields& fields) {
    return {fields.required_text("destination"), fields.required_text("gateway")};
}

Network read_network(const Fields& fields) {
    Network result;
    result.id = fields.required_id("id");
    result.name = fields.required_text("name");
    result.ip_range = fields.required_text("ip_range");
    result.subnets = fields.list_of("subnets", read_subnet);
    result.routes = fields.list_of("routes", read_route);
    result.servers = fields.ids("servers");
    result.load_balancers = fields.ids("load_balancers");
    return result;
}

constexpr Kind<Network> kNetworks{"/networks", "network", "networks", read_network};

std::string action_path(std::int64_t server, const char* command) {
    return "/servers/" + std::to_string(server) + "/actions/" + command;
}

enum class Attached { yes, no, unknown };

Attached is_attached(const Server& server, std::int64_t network) {
    if (!server.private_net) return Attached::unknown;
    const bool found = std::any_of(server.private_net->begin(), server.private_net->end(),
                                   [&](const auto& net) { return net.network == network; });
    return found ? Attached::yes : Attached::no;
}

bool has_alias_ips(const Server& server, std::int64_t network,
                   const std::vector<std::string>& wanted) {
    if (!server.private_net) return false;
    const std::set<std::string> wanted_set(wanted.begin(), wanted.end());
    return std::any_of(
        server.private_net->begin(), server.private_net->end(), [&](const auto& net) {
            return net.network == network && net.alias_ips &&
                   std::set<std::string>(net.alias_ips->begin(), net.alias_ips->end()) ==
                       wanted_set;
        });
}

}  // namespace

Network get_network(Client& client, std::int64_t id, const CallOptions& options) {
    return get_one(client, kNetworks, id, options);
}

std::vector<Network> list_networks(Client& client, const ListFilter& filter,
                                   const CallOptions& options) {
    return list_all(client, kNetworks, filter, options);
}

std::optional<Network> find_network(Client& client, const std::string& name_or_id,
                                    const CallOptions& options) {
    return find_one(client, kNetworks, name_or_id, options);
}

Action attach_to_network(Client& client, std::int64_t server, const NetworkAttachment& wanted,
                         const CallOptions& options) {
    json body{{"network", wanted.network}};
    if (wanted.ip) body["ip"] = *wanted.ip;
    if (!wanted.alias_ips.empty()) body["alias_ips"] = wanted.alias_ips;
    const auto made = [&](const CallOptions& reading) {
        return is_attached(get_server(client, server, reading), wanted.network) == Attached::yes;
    };
    return start(client,
                 {action_path(server, "attach_to_network"), body, "attach_to_network", made},
                 options);
}

Action detach_from_network(Client& client, std::int64_t server, std::int64_t network,
                           const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        return is_attached(get_server(client, server, reading), network) == Attached::no;
    };
    try {
        return start(client,
                     {action_path(server, "detach_from_network"),
                      {{"network", network}},
                      "detach_from_network",
                      made},
                     options);
    } catch (const Error& error) {
        // For a load balancer's target the same code means that the server has yet to be attached.
        if (error.details().code != "server_not_attached_to_network") throw;
        rethrow_as(error, ErrorClass::already_so);
    }
}

Action change_alias_ips(Client& client, std::int64_t server, std::int64_t network,
                        const std::vector<std::string>& alias_ips, const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        return has_alias_ips(get_server(client, server, reading), network, alias_ips);
    };
    return start(client,
                 {action_path(server, "change_alias_ips"),
                  {{"network", network}, {"alias_ips", alias_ips}},
                  "change_alias_ips",
                  made},
                 options);
}

Network parse_network(const json& answer) {
    return parse_one(kNetworks, answer);
}

std::vector<Network> parse_networks(const json& answer) {
    return parse_page(kNetworks, Fields(answer, ""));
}

}  // namespace hcloud::cloud

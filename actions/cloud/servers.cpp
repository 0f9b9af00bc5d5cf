#include "actions/cloud/servers.h"

#include "actions/cloud/changes.h"
#include "actions/cloud/dns_ptr.h"
#include "actions/cloud/parts.h"
#include "actions/cloud/resource.h"

namespace hcloud::cloud {

namespace {

using nlohmann::json;

Server::PublicIp read_public_ipv4(const Fields& fields) {
    Server::PublicIp result{fields.id("id"), fields.required_text("ip"), {}};
    if (const auto name = fields.text("dns_ptr")) result.dns_ptr = {{result.ip, *name}};
    return result;
}

Server::PublicIp read_public_ipv6(const Fields& fields) {
    return {fields.id("id"), fields.required_text("ip"), read_dns_ptrs(fields)};
}

Server::Firewall read_firewall(const Fields& fields) {
    return {fields.required_id("id"), fields.text("status").value_or("")};
}

Server::PrivateNet read_server_net(const Fields& fields) {
    return {fields.required_id("network"), fields.required_text("ip"), fields.texts("alias_ips"),
            fields.text("mac_address").value_or("")};
}

void read_public_net(const Fields& fields, Server& server) {
    if (const auto ipv4 = fields.object("ipv4")) server.ipv4 = read_public_ipv4(*ipv4);
    if (const auto ipv6 = fields.object("ipv6")) server.ipv6 = read_public_ipv6(*ipv6);
    server.floating_ips = fields.ids("floating_ips");
    server.firewalls = fields.list_of("firewalls", read_firewall);
}

Server read_server(const Fields& fields) {
    Server server;
    server.id = fields.required_id("id");
    server.name = fields.required_text("name");
    server.status = fields.text("status").value_or("");
    server.location = read_location(fields);
    server.locked = fields.boolean("locked").value_or(false);
    if (const auto public_net = fields.object("public_net")) read_public_net(*public_net, server);
    server.private_net = fields.list_of("private_net", read_server_net);
    server.volumes = fields.ids("volumes");
    server.load_balancers = fields.ids("load_balancers");
    server.labels = fields.labels("labels");
    return server;
}

constexpr Kind<Server> kServers{"/servers", "server", "servers", read_server};

}  // namespace

Server get_server(Client& client, std::int64_t id, const CallOptions& options) {
    return get_one(client, kServers, id, options);
}

std::vector<Server> list_servers(Client& client, const ListFilter& filter,
                                 const CallOptions& options) {
    return list_all(client, kServers, filter, options);
}

std::optional<Server> find_server(Client& client, const std::string& name_or_id,
                                  const CallOptions& options) {
    return find_one(client, kServers, name_or_id, options);
}

Server set_server_labels(Client& client, std::int64_t server, const Labels& labels,
                         const CallOptions& options) {
    const Request request{"PUT", path_of(kServers, server), json{{"labels", labels}}};
    auto with_reading = options;
    if (!with_reading.settled) {
        with_reading.settled = [&]() -> std::optional<json> {
            const Request question{"GET", request.path};
            auto answer = client.call(question, reading_for(options));
            const auto now = read_answer(client, question, kServers, answer);
            return now.labels == labels ? std::optional(std::move(answer)) : std::nullopt;
        };
    }
    return read_answer(client, request, kServers, client.call(request, with_reading));
}

Action change_server_dns_ptr(Client& client, std::int64_t server, const std::string& ip,
                             const std::optional<std::string>& name, const CallOptions& options) {
    const auto read = [&](const CallOptions& reading) {
        const auto now = get_server(client, server, reading);
        auto entries = now.ipv6 ? now.ipv6->dns_ptr : std::vector<DnsPtr>{};
        if (now.ipv4)
            entries.insert(entries.end(), now.ipv4->dns_ptr.begin(), now.ipv4->dns_ptr.end());
        return entries;
    };
    return change_dns_ptr(client, path_of(kServers, server), {ip, name}, read, options);
}

Server parse_server(const json& answer) {
    return parse_one(kServers, answer);
}

std::vector<Server> parse_servers(const json& answer) {
    return parse_page(kServers, Fields(answer, ""));
}

}  // namespace hcloud::cloud

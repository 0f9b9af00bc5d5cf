#include "actions/cloud/floating_ips.h"

#include "actions/cloud/changes.h"
#include "actions/cloud/dns_ptr.h"
#include "actions/cloud/parts.h"
#include "actions/cloud/resource.h"

namespace hcloud::cloud {

namespace {

using nlohmann::json;

FloatingIp read_floating_ip(const Fields& fields) {
    FloatingIp result;
    result.id = fields.required_id("id");
    result.name = fields.required_text("name");
    result.ip = read_ip(fields);
    result.server = fields.id_or_null("server");
    if (const auto home = fields.object("home_location")) {
        result.home_location = home->required_text("name");
    }
    result.dns_ptr = read_dns_ptrs(fields);
    result.blocked = fields.boolean("blocked").value_or(false);
    return result;
}

constexpr Kind<FloatingIp> kFloatingIps{"/floating_ips", "floating_ip", "floating_ips",
                                        read_floating_ip};

}  // namespace

FloatingIp get_floating_ip(Client& client, std::int64_t id, const CallOptions& options) {
    return get_one(client, kFloatingIps, id, options);
}

std::vector<FloatingIp> list_floating_ips(Client& client, const ListFilter& filter,
                                          const CallOptions& options) {
    return list_all(client, kFloatingIps, filter, options);
}

std::optional<FloatingIp> find_floating_ip(Client& client, const std::string& name_or_id,
                                           const CallOptions& options) {
    return find_one(client, kFloatingIps, name_or_id, options);
}

Action assign_floating_ip(Client& client, std::int64_t floating_ip, std::int64_t server,
                          const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        return get_floating_ip(client, floating_ip, reading).server == server;
    };
    return start(client,
                 {path_of(kFloatingIps, floating_ip) + "/actions/assign",
                  {{"server", server}},
                  "assign_floating_ip",
                  made},
                 options);
}

Action unassign_floating_ip(Client& client, std::int64_t floating_ip, const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        return !get_floating_ip(client, floating_ip, reading).server;
    };
    return start(client,
                 {path_of(kFloatingIps, floating_ip) + "/actions/unassign", json::object(),
                  "unassign_floating_ip", made},
                 options);
}

Action change_floating_ip_dns_ptr(Client& client, std::int64_t floating_ip, const std::string& ip,
                                  const std::optional<std::string>& name,
                                  const CallOptions& options) {
    const auto read = [&](const CallOptions& reading) {
        return get_floating_ip(client, floating_ip, reading).dns_ptr;
    };
    return change_dns_ptr(client, path_of(kFloatingIps, floating_ip), {ip, name}, read, options);
}

FloatingIp parse_floating_ip(const json& answer) {
    return parse_one(kFloatingIps, answer);
}

std::vector<FloatingIp> parse_floating_ips(const json& answer) {
    return parse_page(kFloatingIps, Fields(answer, ""));
}

}  // namespace hcloud::cloud

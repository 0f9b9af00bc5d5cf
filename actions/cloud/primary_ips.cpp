#include "actions/cloud/primary_ips.h"

#include "actions/cloud/dns_ptr.h"
#include "actions/cloud/parts.h"
#include "actions/cloud/resource.h"

namespace hcloud::cloud {

namespace {

using nlohmann::json;

PrimaryIp read_primary_ip(const Fields& fields) {
    PrimaryIp result;
    result.id = fields.required_id("id");
    result.name = fields.required_text("name");
    result.ip = read_ip(fields);
    result.assignee_type = fields.text("assignee_type").value_or("");
    result.assignee = fields.id_or_null("assignee_id");
    result.location = read_location(fields);
    result.dns_ptr = read_dns_ptrs(fields);
    result.auto_delete = fields.boolean("auto_delete").value_or(false);
    return result;
}

constexpr Kind<PrimaryIp> kPrimaryIps{"/primary_ips", "primary_ip", "primary_ips", read_primary_ip};

}  // namespace

PrimaryIp get_primary_ip(Client& client, std::int64_t id, const CallOptions& options) {
    return get_one(client, kPrimaryIps, id, options);
}

std::vector<PrimaryIp> list_primary_ips(Client& client, const ListFilter& filter,
                                        const CallOptions& options) {
    return list_all(client, kPrimaryIps, filter, options);
}

std::optional<PrimaryIp> find_primary_ip(Client& client, const std::string& name_or_id,
                                         const CallOptions& options) {
    return find_one(client, kPrimaryIps, name_or_id, options);
}

Action change_primary_ip_dns_ptr(Client& client, std::int64_t primary_ip, const std::string& ip,
                                 const std::optional<std::string>& name,
                                 const CallOptions& options) {
    const auto read = [&](const CallOptions& reading) {
        return get_primary_ip(client, primary_ip, reading).dns_ptr;
    };
    return change_dns_ptr(client, path_of(kPrimaryIps, primary_ip), {ip, name}, read, options);
}

PrimaryIp parse_primary_ip(const json& answer) {
    return parse_one(kPrimaryIps, answer);
}

std::vector<PrimaryIp> parse_primary_ips(const json& answer) {
    return parse_page(kPrimaryIps, Fields(answer, ""));
}

}  // namespace hcloud::cloud

#include "tests/simulator/state/primary_ip.h"

#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/values.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

constexpr Id kShortIdBase = 10'000'000;

}  // namespace

PrimaryIp read_primary_ip(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where) {
    ObjectReader reader(value, where);
    PrimaryIp ip;
    reader.entity(ip, fmt::format("primary-ip-{}", id));
    ip.ip = reader.required_text("ip");
    const bool ipv4 = parse_ipv4(ip.ip).has_value();
    if (!ipv4 && !is_ipv6_network(ip.ip)) {
        reader.fail("ip",
                    fmt::format("'{}' is neither an IPv4 address nor an IPv6 /64 network", ip.ip));
    }
    ip.type = ipv4 ? "ipv4" : "ipv6";
    ip.location = read_location(reader, "location").name;
    ip.assignee = reader.integer("assignee");
    ip.auto_delete = reader.boolean("auto_delete", false);
    ip.dns_ptr = reader.mapping("dns_ptr");
    reader.finish();
    return ip;
}

nlohmann::json document_of(const PrimaryIp& ip) {
    auto document = entity_document(ip);
    document["ip"] = ip.ip;
    document["location"] = ip.location;
    document["assignee"] = or_null(ip.assignee);
    document["auto_delete"] = ip.auto_delete;
    document["dns_ptr"] = ip.dns_ptr;
    return document;
}

PrimaryIps::const_iterator primary_ip_of(const PrimaryIps& ips, Id server,
                                         const std::string& type) {
    return std::find_if(ips.begin(), ips.end(), [&](const auto& entry) {
        return entry.second.assignee == server && entry.second.type == type;
    });
}

Id short_primary_ip_id(Id server, const std::string& type) {
    return kShortIdBase + 2 * server + (type == "ipv6" ? 1 : 0);
}

PrimaryIp short_primary_ip(Id server, const std::string& type, const std::string& ip,
                           const std::string& location) {
    PrimaryIp result;
    result.name = fmt::format("primary_ip-{}", short_primary_ip_id(server, type));
    result.type = type;
    result.ip = ip;
    result.location = location;
    result.assignee = server;
    result.auto_delete = true;
    return result;
}

}  // namespace hcloud::sim

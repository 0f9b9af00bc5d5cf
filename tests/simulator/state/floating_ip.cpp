#include "tests/simulator/state/floating_ip.h"

#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/values.h"

#include <fmt/format.h>

namespace hcloud::sim {

FloatingIp read_floating_ip(Id id, const nlohmann::json& value,
                            const ObjectReader::Pointer& where) {
    ObjectReader reader(value, where);
    FloatingIp floating;
    reader.entity(floating, fmt::format("floating-ip-{}", id));
    floating.description = reader.text("description", "");
    floating.ip = reader.required_text("ip");
    const bool ipv4 = parse_ipv4(floating.ip).has_value();
    if (!ipv4 && !is_ipv6_network(floating.ip)) {
        reader.fail("ip", fmt::format("'{}' is neither an IPv4 address nor an IPv6 /64 network",
                                      floating.ip));
    }
    floating.type = reader.choice("type", {"ipv4", "ipv6"}, ipv4 ? "ipv4" : "ipv6");
    if (ipv4 != (floating.type == "ipv4")) {
        reader.fail("type", fmt::format("'{}' does not fit {}", floating.type, floating.ip));
    }
    floating.server = reader.integer("server");
    floating.home_location = read_location(reader, "home_location").name;
    floating.dns_ptr = reader.mapping("dns_ptr");
    reader.finish();
    return floating;
}

nlohmann::json document_of(const FloatingIp& floating) {
    auto document = entity_document(floating);
    document["description"] = floating.description;
    document["type"] = floating.type;
    document["ip"] = floating.ip;
    document["server"] = or_null(floating.server);
    document["home_location"] = floating.home_location;
    document["dns_ptr"] = floating.dns_ptr;
    return document;
}

}  // namespace hcloud::sim

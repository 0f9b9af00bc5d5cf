// Floating IPs.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <map>
#include <optional>
#include <string>

namespace hcloud::sim {

struct FloatingIp : Entity {
    std::string description;
    std::string type;  // ipv4 or ipv6
    std::string ip;    // "203.0.113.77" or "2001:db8:77::/64"
    std::optional<Id> server;
    std::string home_location;
    std::map<std::string, std::string> dns_ptr;  // by address
    bool operator==(const FloatingIp&) const = default;
};

FloatingIp read_floating_ip(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const FloatingIp& floating);

}  // namespace hcloud::sim

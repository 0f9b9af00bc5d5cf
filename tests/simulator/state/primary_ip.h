// Primary IPs: what a server's public addresses are.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <map>
#include <optional>
#include <string>

namespace hcloud::sim {

struct PrimaryIp : Entity {
    std::string type;  // ipv4 or ipv6
    std::string ip;    // "203.0.113.10" or "2001:db8:42::/64"
    std::string location;
    std::optional<Id> assignee;  // a server
    bool auto_delete = false;
    std::map<std::string, std::string> dns_ptr;  // by address
    bool operator==(const PrimaryIp&) const = default;
};

using PrimaryIps = std::map<Id, PrimaryIp>;

PrimaryIp read_primary_ip(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const PrimaryIp& ip);

/// The one of that type, "ipv4" or "ipv6", that the server has; end() if it has none.
PrimaryIps::const_iterator primary_ip_of(const PrimaryIps& ips, Id server, const std::string& type);

/// What `public_ipv4: ADDRESS` at a server in the state document stands for: a primary IP that
/// nobody said anything else about. Its id follows from the server's.
Id short_primary_ip_id(Id server, const std::string& type);
PrimaryIp short_primary_ip(Id server, const std::string& type, const std::string& ip,
                           const std::string& location);

}  // namespace hcloud::sim

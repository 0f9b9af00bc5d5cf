// Reverse DNS as primary, floating and load balancer IPs show it.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::sim {

/// What an IPv4 address resolves to as long as nobody said otherwise.
std::string standard_dns_ptr(const std::string& ipv4);

/// [{"ip": …, "dns_ptr": …}]: of an IPv4 address always one, of an IPv6 network those that are set.
nlohmann::json dns_ptr_json(const std::string& ip, const std::map<std::string, std::string>& set);

}  // namespace hcloud::sim

// What several resources carry. Internal to this folder.
#pragma once

#include "actions/cloud/fields.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// "ip": an address, or an IPv6 network.
std::string read_ip(const Fields& fields);
/// The name in "location", or in the "datacenter" that stood there until 2026; empty if neither is
/// there.
std::string read_location(const Fields& fields);
/// The id in "server", of a firewall's or load balancer's target.
std::optional<std::int64_t> read_server_id(const Fields& target);
/// The selector in "label_selector".
std::optional<std::string> read_label_selector(const Fields& target);
int read_port(const Fields& fields, const char* key);
/// "dns_ptr", a list.
std::vector<DnsPtr> read_dns_ptrs(const Fields& fields);

}  // namespace hcloud::cloud

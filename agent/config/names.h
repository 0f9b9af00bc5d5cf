// Names: of hosts, and of what a project has.
#pragma once

#include "agent/config/values.h"

#include <string>
#include <string_view>

namespace hcloud::agent::config {

/// ASCII, whatever the locale.
bool is_alphanumeric(char c);

/// RFC 1123: labels of letters, digits and inner '-', up to 63 each, with dots between them, up to
/// 253 in all.
bool is_dns_name(std::string_view text);

/// The name of something in the project, or its id: a number without zeros in front.
Parsed<std::string> parse_name(const std::string& text);

/// "web1.example.com": a DNS name with a dot, and none that is an IP address.
Parsed<std::string> parse_host_name(const std::string& text);

}  // namespace hcloud::agent::config

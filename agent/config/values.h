// One value of the configuration: text → value, or why not; and back. No YAML here.
#pragma once

#include "actions/host/ip.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hcloud::agent::config {

/// Why a value was refused.
struct Refusal {
    std::string text;  // what was expected, and what is there
    std::string hint;  // what to do
};

template <typename T>
using Parsed = std::variant<T, Refusal>;

/// "500ms", "10s", "5m", "1h": a whole number and a unit, within the bounds.
Parsed<std::chrono::milliseconds> parse_duration(const std::string& text,
                                                 std::chrono::milliseconds min,
                                                 std::chrono::milliseconds max);
/// In the largest unit that has no remainder: "90s", "1m".
std::string to_text(std::chrono::milliseconds duration);

/// "20%": a whole number and the sign, within the bounds.
Parsed<int> parse_percent(const std::string& text, int min, int max);

/// true, false, yes, no, on, off, in lower case, Capitalised or UPPER CASE, as YAML 1.1 has them.
std::optional<bool> parse_boolean(std::string_view text);

/// Both give the URL without slashes at its end, and refuse user names, queries and fragments.
Parsed<std::string> parse_metadata_endpoint(const std::string& text);
/// http:// is for loopback alone: the token must not cross a network in clear text.
Parsed<std::string> parse_api_endpoint(const std::string& text);

/// "127.0.0.1:9478", "[::1]:9478": where only this machine can reach it. Names are not resolved.
Parsed<std::string> parse_loopback(const std::string& text);

bool is_absolute_path(std::string_view text);

/// IPv4 is a /32; IPv6 without a length has 64, the size of the network that is assigned.
Parsed<host::Prefix> parse_floating_ip(const std::string& text);
/// An address that a private network can have: RFC 1918, without a length.
Parsed<host::IpAddress> parse_private_ip(const std::string& text);
/// IPv4 without its length.
std::string to_text(const host::Prefix& floating_ip);

}  // namespace hcloud::agent::config

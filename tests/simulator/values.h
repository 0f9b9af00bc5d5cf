// Small values written as text: addresses, ranges, durations, times, ids.
#pragma once

#include "tests/simulator/state.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hcloud::sim {

using Time = std::chrono::system_clock::time_point;

/// An IPv4 network; the host bits of `base` are zero.
struct Ipv4Range {
    std::uint32_t base = 0;
    int prefix = 0;

    std::uint64_t size() const { return std::uint64_t{1} << (32 - prefix); }
    bool contains(std::uint32_t address) const { return address - base < size(); }
    bool contains(const Ipv4Range& other) const;
    bool overlaps(const Ipv4Range& other) const;
};

/// Addresses are in host byte order.
std::optional<std::uint32_t> parse_ipv4(const std::string& text);
std::string format_ipv4(std::uint32_t address);
std::optional<Ipv4Range> parse_range(std::string_view cidr);

/// Whether this is an IPv6 network such as "2001:db8::/64", and nothing but /64.
bool is_ipv6_network(std::string_view cidr);
bool ipv6_network_contains(std::string_view cidr, const std::string& address);
/// "2001:db8::/64" -> "2001:db8::1/64", the address Hetzner configures on a server.
std::string first_ipv6_host(std::string_view cidr);

/// "86:00:00:2a:7d:e0", upper or lower case.
bool is_mac(std::string_view text);

/// A positive decimal number and nothing else.
std::optional<Id> parse_id(std::string_view text);

/// "500ms", "5s", "2m", "1h"; whole numbers up to a year only.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string format_duration(std::chrono::milliseconds duration);

/// "2026-11-23T18:02:16Z"
std::string format_time(Time time);

}  // namespace hcloud::sim

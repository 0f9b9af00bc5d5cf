// Small values written as text: addresses, ranges, durations, times, ids.
#pragma once

#include "tests/simulator/state/entity.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hcloud::sim {

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
/// An IPv4 or IPv6 network of any size; its host bits must be zero.
bool is_cidr(std::string_view text);
/// "2001:db8::/64" -> "2001:db8::1/64", the address Hetzner configures on a server.
std::string first_ipv6_host(std::string_view cidr);

/// An IPv6 address or network in the form of RFC 5952; any other text as it is.
std::string shortest(const std::string& ip);

/// "86:00:00:2a:7d:e0", upper or lower case.
bool is_mac(std::string_view text);

/// A positive decimal number and nothing else.
std::optional<Id> parse_id(std::string_view text);

/// "500ms", "5s", "2m", "1h"; whole numbers up to a year only.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string format_duration(std::chrono::milliseconds duration);

/// "2026-11-23T18:02:16Z"
std::string format_time(Time time);
std::optional<Time> parse_time(std::string_view text);

}  // namespace hcloud::sim

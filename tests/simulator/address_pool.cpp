#include "tests/simulator/address_pool.h"

#include "tests/simulator/state/state.h"
#include "tests/simulator/values.h"

#include <array>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

constexpr std::array<const char*, 2> kIpv4Ranges{"198.51.100", "203.0.113"};
constexpr std::uint32_t kHosts = 254;            // of such a range
constexpr std::uint32_t kMoreRanges = 2 * 256;   // 198.18.0 to 198.19.255
constexpr std::uint32_t kIpv6Networks = 0xffff;  // 2001:db8:1::/64 to 2001:db8:ffff::/64

/// The n-th, from 0 on; "" when there are no more.
std::string ipv4_address(std::uint32_t n) {
    const auto range = n / kHosts;
    const auto host = n % kHosts + 1;
    if (range < kIpv4Ranges.size()) return fmt::format("{}.{}", kIpv4Ranges.at(range), host);
    const auto more = range - static_cast<std::uint32_t>(kIpv4Ranges.size());
    if (more >= kMoreRanges) return "";
    return fmt::format("198.{}.{}.{}", 18 + more / 256, more % 256, host);
}

std::string ipv6_network(std::uint32_t n) {
    return n < kIpv6Networks ? fmt::format("2001:db8:{:x}::/64", n + 1) : "";
}

}  // namespace

void AddressPool::avoid(const State& state) {
    for (const auto& [id, ip] : state.primary_ips)
        used_.insert(shortest(ip.ip));
    for (const auto& [id, ip] : state.floating_ips)
        used_.insert(shortest(ip.ip));
    for (const auto& [id, balancer] : state.load_balancers) {
        used_.insert(balancer.ipv4);
        used_.insert(shortest(balancer.ipv6));
    }
}

std::optional<std::string> AddressPool::next(const std::string& type, const State& state) {
    if (auto address = unused(type)) return address;
    *this = {};
    avoid(state);
    return unused(type);
}

std::optional<std::string> AddressPool::unused(const std::string& type) {
    const bool ipv4 = type == "ipv4";
    std::uint32_t& n = ipv4 ? ipv4_ : ipv6_;
    for (;; ++n) {
        const std::string address = ipv4 ? ipv4_address(n) : ipv6_network(n);
        if (address.empty()) return std::nullopt;
        if (used_.insert(address).second) return address;
    }
}

}  // namespace hcloud::sim

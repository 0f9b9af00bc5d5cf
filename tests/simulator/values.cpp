#include "tests/simulator/values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <arpa/inet.h>

namespace hcloud::sim {

namespace {

constexpr int kServerPrefix = 64;

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

struct Cidr {
    std::string address;
    int prefix = 0;
};

std::optional<Cidr> split_cidr(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    const auto prefix = parse_number<int>(text.substr(slash + 1));
    if (!prefix || *prefix < 0) return std::nullopt;
    return Cidr{std::string(text.substr(0, slash)), *prefix};
}

std::optional<in6_addr> parse_ipv6(const std::string& text) {
    in6_addr address{};
    if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return std::nullopt;
    return address;
}

std::optional<in6_addr> network_address(std::string_view cidr) {
    const auto parts = split_cidr(cidr);
    if (!parts || parts->prefix != kServerPrefix) return std::nullopt;
    return parse_ipv6(parts->address);
}

}  // namespace

bool Ipv4Range::contains(const Ipv4Range& other) const {
    return other.prefix >= prefix && contains(other.base);
}

bool Ipv4Range::overlaps(const Ipv4Range& other) const {
    return contains(other.base) || other.contains(base);
}

std::optional<std::uint32_t> parse_ipv4(const std::string& text) {
    in_addr address{};
    if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
    return ntohl(address.s_addr);
}

std::string format_ipv4(std::uint32_t address) {
    return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 0xffU, address >> 8 & 0xffU,
                       address & 0xffU);
}

std::optional<Ipv4Range> parse_range(std::string_view cidr) {
    const auto parts = split_cidr(cidr);
    if (!parts || parts->prefix > 32) return std::nullopt;
    const auto base = parse_ipv4(parts->address);
    if (!base) return std::nullopt;
    const Ipv4Range range{*base, parts->prefix};
    if ((std::uint64_t{*base} & (range.size() - 1)) != 0) return std::nullopt;
    return range;
}

bool is_cidr(std::string_view text) {
    if (parse_range(text)) return true;
    const auto parts = split_cidr(text);
    const auto address = parts && parts->prefix <= 128 ? parse_ipv6(parts->address) : std::nullopt;
    if (!address) return false;
    for (int bit = parts->prefix; bit < 128; ++bit) {
        if ((address->s6_addr[bit / 8] & (0x80 >> bit % 8)) != 0) return false;
    }
    return true;
}

bool is_ipv6_network(std::string_view cidr) {
    const auto address = network_address(cidr);
    if (!address) return false;
    return std::all_of(std::begin(address->s6_addr) + 8, std::end(address->s6_addr),
                       [](auto byte) { return byte == 0; });
}

bool ipv6_network_contains(std::string_view cidr, const std::string& address) {
    const auto network = network_address(cidr);
    const auto host = parse_ipv6(address);
    return network && host && std::memcmp(network->s6_addr, host->s6_addr, kServerPrefix / 8) == 0;
}

std::string first_ipv6_host(std::string_view cidr) {
    auto address = network_address(cidr);
    if (!address) return std::string(cidr);
    address->s6_addr[15] = 1;
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, &*address, text.data(), text.size());
    return fmt::format("{}/{}", text.data(), kServerPrefix);
}

std::string shortest(const std::string& ip) {
    const std::size_t slash = std::min(ip.find('/'), ip.size());
    const auto address = parse_ipv6(ip.substr(0, slash));
    if (!address) return ip;
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(AF_INET6, &*address, text.data(), text.size());
    return text.data() + ip.substr(slash);
}

bool is_mac(std::string_view text) {
    if (text.size() != 17) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool separator = i % 3 == 2;
        if (separator ? text[i] != ':' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) {
            return false;
        }
    }
    return true;
}

std::optional<Id> parse_id(std::string_view text) {
    const auto id = parse_number<Id>(text);
    if (!id || *id <= 0 || text.front() == '0') return std::nullopt;
    return id;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> kUnits{
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
    static constexpr std::int64_t kYear = 366LL * 24 * 3'600'000;
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number<std::int64_t>(text.substr(0, digits));
    const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const auto& candidate) {
        return candidate.first == text.substr(digits);
    });
    if (!number || unit == kUnits.end() || *number > kYear / unit->second) return std::nullopt;
    return std::chrono::milliseconds(*number * unit->second);
}

std::string format_duration(std::chrono::milliseconds duration) {
    if (duration.count() % 1000 != 0) return fmt::format("{}ms", duration.count());
    return fmt::format("{}s", duration.count() / 1000);
}

std::string format_time(Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::optional<Time> parse_time(std::string_view text) {
    std::tm parts{};
    const std::string copy(text);
    const char* const end = strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return std::chrono::system_clock::from_time_t(timegm(&parts));
}

}  // namespace hcloud::sim

#include "actions/host/ip.h"

#include <algorithm>
#include <cstddef>

#include <fmt/compile.h>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace hcloud::host {

namespace {

/// Decimal digits without a leading zero, at most 128.
std::optional<std::uint8_t> parse_length(std::string_view text) {
    const bool digits =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > 3 || !digits) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    int value = 0;
    for (const char digit : text)
        value = value * 10 + (digit - '0');
    if (value > 128) return std::nullopt;
    return static_cast<std::uint8_t>(value);
}

/// The mask of byte `index` in a prefix of `length` bits.
std::uint8_t byte_mask(std::size_t index, std::uint8_t length) {
    const int bits = std::clamp(static_cast<int>(length) - static_cast<int>(index * 8), 0, 8);
    return static_cast<std::uint8_t>(0xFF00 >> bits);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    // inet_pton reads up to a NUL, so one inside would hide what follows it.
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string terminated(text);
    const bool v6 = text.find(':') != std::string_view::npos;
    IpAddress address;
    address.size_ = v6 ? 16 : 4;
    if (inet_pton(address.family(), terminated.c_str(), address.bytes_.data()) != 1) {
        return std::nullopt;
    }
    return address;
}

std::optional<IpAddress> IpAddress::from_bytes(std::span<const std::uint8_t> bytes) {
    if (bytes.size() != 4 && bytes.size() != 16) return std::nullopt;
    IpAddress address;
    address.size_ = static_cast<std::uint8_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
    return address;
}

int IpAddress::family() const {
    return is_v4() ? AF_INET : AF_INET6;
}

std::string IpAddress::to_string() const {
    // The same as inet_ntop's, at a fraction of its cost: a plan of a thousand addresses is full of
    // them.
    if (is_v4()) {
        return fmt::format(FMT_COMPILE("{}.{}.{}.{}"), bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family(), bytes_.data(), text.data(), text.size());
    return text.data();
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    if (slash == std::string_view::npos) return host(*address);
    const auto length = parse_length(text.substr(slash + 1));
    if (!length || *length > address->bits()) return std::nullopt;
    return Prefix{*address, *length};
}

bool Prefix::contains(const IpAddress& other) const {
    if (other.family() != address.family()) return false;
    return Prefix{other, length}.network().address == network().address;
}

Prefix Prefix::network() const {
    std::array<std::uint8_t, 16> masked{};
    const auto bytes = address.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        masked[i] = static_cast<std::uint8_t>(bytes[i] & byte_mask(i, length));
    }
    return {*IpAddress::from_bytes({masked.data(), bytes.size()}), length};
}

std::string Prefix::to_string() const {
    return fmt::format(FMT_COMPILE("{}/{}"), address.to_string(), length);
}

}  // namespace hcloud::host

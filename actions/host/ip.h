// IP addresses and prefixes as values.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <endian.h>

namespace hcloud::host {

/// An IPv4 or IPv6 address in network byte order. The default is 0.0.0.0.
class IpAddress {
  public:
    IpAddress() = default;
    static std::optional<IpAddress> parse(std::string_view text);
    /// 4 or 16 bytes; anything else is std::nullopt.
    static std::optional<IpAddress> from_bytes(std::span<const std::uint8_t> bytes);

    bool is_v4() const { return size_ == 4; }
    int family() const;  // AF_INET or AF_INET6
    std::uint8_t bits() const { return static_cast<std::uint8_t>(size_ * 8); }
    std::span<const std::uint8_t> bytes() const { return {bytes_.data(), size_}; }
    std::string to_string() const;

    bool operator==(const IpAddress&) const = default;
    /// IPv4 first, then by number. Two words, because by default std::array calls memcmp(), which
    /// was a quarter of a cycle over a thousand addresses.
    std::strong_ordering operator<=>(const IpAddress& other) const {
        if (const auto order = size_ <=> other.size_; order != 0) return order;
        if (const auto order = word(0) <=> other.word(0); order != 0) return order;
        return word(1) <=> other.word(1);
    }

  private:
    std::uint64_t word(std::size_t index) const {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes_.data() + index * sizeof value, sizeof value);
        return be64toh(value);
    }

    std::uint8_t size_ = 4;
    std::array<std::uint8_t, 16> bytes_{};
};

/// An address with a prefix length; as a range (route destination) or as an interface address.
struct Prefix {
    IpAddress address;
    std::uint8_t length = 0;

    /// "10.0.0.0/8"; without a slash the length is that of a host (32 or 128).
    static std::optional<Prefix> parse(std::string_view text);
    static Prefix host(const IpAddress& address) { return {address, address.bits()}; }
    bool contains(const IpAddress& other) const;
    Prefix network() const;  // host bits cleared
    std::string to_string() const;

    auto operator<=>(const Prefix&) const = default;
};

}  // namespace hcloud::host

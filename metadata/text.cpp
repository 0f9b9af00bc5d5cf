#include "metadata/text.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <arpa/inet.h>

namespace hcloud::metadata {

namespace {

using Ipv4Bytes = std::array<std::uint8_t, 4>;
using Ipv6Bytes = std::array<std::uint8_t, 16>;

template <typename Bytes>
std::optional<Bytes> parse_address(int family, const std::string& text) {
    Bytes bytes{};
    // inet_pton would stop at a NUL, which YAML can carry ("10.0.0.1\0…").
    if (text.find('\0') != std::string::npos) return std::nullopt;
    if (inet_pton(family, text.c_str(), bytes.data()) != 1) return std::nullopt;
    return bytes;
}

std::string format_address(int family, const void* bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family, bytes, text.data(), text.size());
    return text.data();
}

/// "10.0.0.0/8" → address and length; the length is missing without a slash, and -1 if it is none.
std::pair<std::string, std::optional<int>> split_prefix(const std::string& text) {
    const auto slash = text.find('/');
    if (slash == std::string::npos) return {text, std::nullopt};
    const char* first = text.data() + slash + 1;
    const char* last = text.data() + text.size();
    int length = -1;
    const auto [end, error] = std::from_chars(first, last, length);
    if (error != std::errc{} || end != last) length = -1;
    return {text.substr(0, slash), length};
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
    static constexpr std::string_view kCut = "...";
    std::string result;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        const bool plain = byte >= 0x20 && byte < 0x7f;
        const std::string piece =
            plain ? std::string(1, character) : fmt::format("\\x{:02x}", byte);
        if (result.size() + piece.size() > limit) return result + std::string(kCut);
        result += piece;
    }
    return result;
}

std::string in_quotes(std::string_view text) {
    return "'" + printable(text, 60) + "'";
}

std::string errno_text(int error) {
    auto text = std::generic_category().message(error);
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

std::optional<std::string> canonical_ipv4(const std::string& text) {
    const auto bytes = parse_address<Ipv4Bytes>(AF_INET, text);
    if (!bytes) return std::nullopt;
    return format_address(AF_INET, bytes->data());
}

std::optional<std::string> canonical_ipv4_network(const std::string& text) {
    const auto [address, length] = split_prefix(text);
    auto bytes = parse_address<Ipv4Bytes>(AF_INET, address);
    if (!bytes || !length || *length < 0 || *length > 32) return std::nullopt;
    for (int bit = *length; bit < 32; ++bit) {
        auto& byte = (*bytes)[static_cast<std::size_t>(bit / 8)];
        byte = static_cast<std::uint8_t>(byte & ~(0x80U >> (bit % 8)));
    }
    return fmt::format("{}/{}", format_address(AF_INET, bytes->data()), *length);
}

std::optional<std::string> canonical_interface_address(const std::string& text) {
    const auto [address, length] = split_prefix(text);
    const auto ipv4 = parse_address<Ipv4Bytes>(AF_INET, address);
    const auto ipv6 = parse_address<Ipv6Bytes>(AF_INET6, address);
    if (!ipv4 && !ipv6) return std::nullopt;
    const int most = ipv4 ? 32 : 128;
    const int prefix = length.value_or(most);
    if (prefix < 0 || prefix > most) return std::nullopt;
    const auto canonical =
        ipv4 ? format_address(AF_INET, ipv4->data()) : format_address(AF_INET6, ipv6->data());
    return fmt::format("{}/{}", canonical, prefix);
}

std::optional<std::string> canonical_mac(const std::string& text) {
    static constexpr std::size_t kLength = 17;  // six pairs and five colons
    if (text.size() != kLength) return std::nullopt;
    std::string result;
    for (std::size_t i = 0; i < kLength; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (i % 3 == 2 ? byte != ':' : std::isxdigit(byte) == 0) return std::nullopt;
        result += static_cast<char>(std::tolower(byte));
    }
    return result;
}

}  // namespace hcloud::metadata

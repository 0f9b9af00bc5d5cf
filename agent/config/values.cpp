#include "agent/config/values.h"

#include "agent/config/suggest.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <climits>
#include <cstdint>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

using std::chrono::milliseconds;

struct Unit {
    std::string_view name;
    std::int64_t in_milliseconds;
};
constexpr std::array<Unit, 4> kUnits{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

constexpr std::array<std::string_view, 9> kTrue{"true", "True", "TRUE", "yes", "Yes",
                                                "YES",  "on",   "On",   "ON"};
constexpr std::array<std::string_view, 9> kFalse{"false", "False", "FALSE", "no", "No",
                                                 "NO",    "off",   "Off",   "OFF"};

/// The number as far as it fits: what is larger is out of every key's bounds anyway.
std::optional<milliseconds> duration_in(std::string_view text) {
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error == std::errc::invalid_argument) return std::nullopt;
    if (error == std::errc::result_out_of_range) count = UINT32_MAX;
    const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
    const auto* found =
        std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == unit; });
    if (found == kUnits.end()) return std::nullopt;
    return milliseconds(count * found->in_milliseconds);
}

/// `text` is not repeated if it may hold a password.
Refusal bad_url(std::string_view expected, const std::string& text, std::string hint) {
    const bool may_be_secret = text.find_first_of("@?") != std::string::npos;
    const auto got = may_be_secret ? std::string("another one") : in_quotes(text);
    return {fmt::format("expected {}, got {}", expected, got), std::move(hint)};
}

std::optional<Poco::URI> parse_url(const std::string& text) {
    const bool clean =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!clean) return std::nullopt;
    try {
        Poco::URI url(text);
        if (url.getHost().empty()) return std::nullopt;
        return url;
    } catch (const Poco::Exception&) {
        // The caller says what was expected; Poco's text would repeat the URL.
        return std::nullopt;
    }
}

/// What is refused whatever the scheme.
std::optional<Refusal> check_parts(const Poco::URI& url) {
    if (!url.getUserInfo().empty()) {
        return Refusal{"expected a URL without user name and password, got one with them",
                       "remove everything up to the @; the API token belongs in the file that "
                       "api.token_file names"};
    }
    if (!url.getRawQuery().empty() || !url.getFragment().empty()) {
        return Refusal{"expected a URL without ? and #, got one with them",
                       "remove what follows the path"};
    }
    return std::nullopt;
}

std::string without_trailing_slashes(std::string text) {
    while (text.ends_with('/'))
        text.pop_back();
    return text;
}

host::Prefix range(std::string_view text) {
    return host::Prefix::parse(text).value();
}

bool is_loopback(const std::string& name) {
    const auto address = host::IpAddress::parse(name);
    if (!address) return name == "localhost";
    return range("127.0.0.0/8").contains(*address) || range("::1/128").contains(*address);
}

struct ReservedRange {
    host::Prefix prefix;
    std::string_view name;
};
const std::array<ReservedRange, 7> kNeverFloating{
    {{range("0.0.0.0/8"), "an unspecified"},
     {range("127.0.0.0/8"), "a loopback"},
     {range("169.254.0.0/16"), "a link-local"},
     {range("224.0.0.0/3"), "a multicast or reserved"},
     {range("::/64"), "an unspecified, loopback or mapped"},
     {range("fe80::/10"), "a link-local"},
     {range("ff00::/8"), "a multicast"}}};

constexpr const char* kAddressHint = "write an address such as 203.0.113.5 or 2001:db8:1::1/64";

std::optional<Refusal> check_unicast(const host::IpAddress& address, const std::string& text) {
    for (const auto& [prefix, name] : kNeverFloating) {
        if (!prefix.contains(address)) continue;
        return Refusal{
            fmt::format("expected a floating IP, got {} address, {}", name, in_quotes(text)),
            kAddressHint};
    }
    return std::nullopt;
}

bool is_network(const host::Prefix& prefix) {
    return prefix.length < 128 && prefix.network() == prefix;
}

/// The IPv6 prefix, or with the first address of the network if it is one.
std::string usable(const host::Prefix& prefix) {
    if (!is_network(prefix)) return prefix.to_string();
    constexpr std::size_t kV6{16};
    std::array<std::uint8_t, kV6> first{};
    const auto bytes = prefix.address.bytes();
    std::copy(bytes.begin(), bytes.end(), first.begin());
    first.back() |= 1;
    return host::Prefix{host::IpAddress::from_bytes(first).value(), prefix.length}.to_string();
}

std::optional<Refusal> check_v6(const host::Prefix& prefix, const std::string& text) {
    if (prefix.length < 64) {
        return Refusal{fmt::format("expected a length of 64 to 128 for an IPv6 floating IP, got {}",
                                   in_quotes(text)),
                       "a floating IPv6 is a /64 network: write an address of it, such as " +
                           usable({prefix.address, 64})};
    }
    if (is_network(prefix)) {
        return Refusal{
            fmt::format("expected an address in a network, got the network {}", in_quotes(text)),
            "write one of its addresses, such as " + usable(prefix)};
    }
    return std::nullopt;
}

}  // namespace

Parsed<milliseconds> parse_duration(const std::string& text, milliseconds min, milliseconds max) {
    const auto duration = duration_in(text);
    if (!duration) {
        return Refusal{
            fmt::format("expected a duration such as 10s or 500ms, got {}", in_quotes(text)),
            "write a whole number and a unit: ms, s, m or h"};
    }
    if (*duration < min || *duration > max) {
        return Refusal{fmt::format("expected a duration from {} to {}, got {}", to_text(min),
                                   to_text(max), in_quotes(text)),
                       *duration < min ? fmt::format("use {} or more", to_text(min))
                                       : fmt::format("use {} or less", to_text(max))};
    }
    return *duration;
}

std::string to_text(milliseconds duration) {
    if (duration.count() == 0) return "0s";
    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) {
        return duration.count() % u.in_milliseconds == 0;
    });
    return fmt::format("{}{}", duration.count() / unit->in_milliseconds, unit->name);
}

Parsed<int> parse_percent(const std::string& text, int min, int max) {
    int share = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, share);
    const bool good = error == std::errc{} && std::string_view(end, last) == "%";
    if (good && share >= min && share <= max) return share;
    return Refusal{
        fmt::format("expected a share from {}% to {}%, got {}", min, max, in_quotes(text)),
        fmt::format("write a whole number and the sign %, such as {}%", std::clamp(20, min, max))};
}

std::optional<bool> parse_boolean(std::string_view text) {
    const auto is_one_of = [&](const auto& words) {
        return std::find(words.begin(), words.end(), text) != words.end();
    };
    if (is_one_of(kTrue)) return true;
    if (is_one_of(kFalse)) return false;
    return std::nullopt;
}

Parsed<std::string> parse_metadata_endpoint(const std::string& text) {
    const auto url = parse_url(text);
    if (!url || url->getScheme() != "http") {
        return bad_url("an http:// URL", text,
                       "write one such as http://169.254.169.254/hetzner/v1/metadata");
    }
    if (auto refusal = check_parts(*url)) return *std::move(refusal);
    return without_trailing_slashes(text);
}

Parsed<std::string> parse_api_endpoint(const std::string& text) {
    const auto url = parse_url(text);
    if (!url || (url->getScheme() != "https" && url->getScheme() != "http")) {
        return bad_url("an https:// URL", text, "write one such as https://api.hetzner.cloud/v1");
    }
    if (auto refusal = check_parts(*url)) return *std::move(refusal);
    if (url->getScheme() == "http" && !is_loopback(url->getHost())) {
        return bad_url(
            "an https:// URL", text,
            "over http:// the token would cross the network in clear text; only 127.0.0.0/8, [::1] "
            "and localhost may be reached so");
    }
    return without_trailing_slashes(text);
}

Parsed<std::string> parse_loopback(const std::string& text) {
    constexpr const char* kHint = "write one such as 127.0.0.1:9478 or [::1]:9478";
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon);
    const bool brackets = host.starts_with('[') && host.ends_with(']');
    if (brackets) host = host.substr(1, host.size() - 2);
    const auto address = host::IpAddress::parse(host);
    std::uint16_t port = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] =
        std::from_chars(colon == text.npos ? last : text.data() + colon + 1, last, port);
    const bool good = error == std::errc{} && end == last && port != 0;
    if (!good || !address || address->is_v4() == brackets) {
        return Refusal{
            fmt::format("expected a loopback address with a port, got {}", in_quotes(text)), kHint};
    }
    if (!is_loopback(host)) {
        return Refusal{fmt::format("expected a loopback address, got {}", in_quotes(host)),
                       "there is no password here: only this server may ask. To be asked from "
                       "elsewhere, put a proxy with one before 127.0.0.1"};
    }
    return text;
}

bool is_absolute_path(std::string_view text) {
    const bool clean = std::none_of(text.begin(), text.end(),
                                    [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
    return clean && text.starts_with('/') && !text.ends_with(' ') && text.size() < PATH_MAX;
}

Parsed<host::Prefix> parse_floating_ip(const std::string& text) {
    auto prefix = host::Prefix::parse(text);
    if (!prefix)
        return Refusal{fmt::format("expected an IP address, got {}", in_quotes(text)),
                       kAddressHint};
    if (auto refusal = check_unicast(prefix->address, text)) return *std::move(refusal);
    if (prefix->address.is_v4()) {
        if (prefix->length == 32) return *prefix;
        return Refusal{
            fmt::format("expected the length 32 for an IPv4 floating IP, got {}", in_quotes(text)),
            fmt::format("a floating IPv4 is a single address: write {}",
                        prefix->address.to_string())};
    }
    if (text.find('/') == std::string::npos) prefix->length = 64;
    if (auto refusal = check_v6(*prefix, text)) return *std::move(refusal);
    return *prefix;
}

Parsed<host::IpAddress> parse_private_ip(const std::string& text) {
    static const std::array<host::Prefix, 3> networks{range("10.0.0.0/8"), range("172.16.0.0/12"),
                                                      range("192.168.0.0/16")};
    const auto address = host::IpAddress::parse(text);
    const bool is_private =
        address && std::any_of(networks.begin(), networks.end(), [&](const host::Prefix& network) {
            return network.contains(*address);
        });
    if (is_private) return *address;
    return Refusal{"expected a private IPv4 address such as 10.0.0.100, got " + in_quotes(text),
                   "write one of the network's addresses, without a length"};
}

std::string to_text(const host::Prefix& floating_ip) {
    return floating_ip.address.is_v4() ? floating_ip.address.to_string() : floating_ip.to_string();
}

}  // namespace hcloud::agent::config

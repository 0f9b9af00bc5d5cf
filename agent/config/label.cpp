#include "agent/config/label.h"

#include "agent/config/names.h"
#include "agent/config/suggest.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

constexpr std::size_t kLongest = 63;
constexpr std::string_view kReserved = "hetzner.cloud";

bool is_inner(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
}

/// A value that is not empty, or a key without its prefix.
std::optional<Refusal> check_segment(std::string_view what, std::string_view text) {
    if (text.size() > kLongest) {
        return Refusal{fmt::format("expected {} of at most {} characters, got {}", what, kLongest,
                                   text.size()),
                       "shorten it"};
    }
    const bool good = !text.empty() && is_alphanumeric(text.front()) &&
                      is_alphanumeric(text.back()) &&
                      std::all_of(text.begin(), text.end(), is_inner);
    if (good) return std::nullopt;
    return Refusal{fmt::format("expected {}, got {}", what, in_quotes(text)),
                   "write letters, digits, '-', '_' and '.', with a letter or digit at both ends"};
}

std::optional<Refusal> check_prefix(std::string_view prefix) {
    if (prefix == kReserved) {
        return Refusal{fmt::format("expected a label key of your own, got one in '{}/'", kReserved),
                       "Hetzner keeps that prefix for itself: write another one, or none"};
    }
    if (is_dns_name(prefix)) return std::nullopt;
    return Refusal{
        fmt::format("expected a DNS name before the '/' of a label key, got {}", in_quotes(prefix)),
        "write a prefix such as example.com, or none"};
}

}  // namespace

std::optional<Refusal> check_label_key(std::string_view key) {
    const auto slash = key.find('/');
    if (slash == std::string_view::npos) return check_segment("a label key", key);
    if (auto refusal = check_prefix(key.substr(0, slash))) return refusal;
    return check_segment("a name after the '/' of a label key", key.substr(slash + 1));
}

std::optional<Refusal> check_label_value(std::string_view value) {
    if (value.empty()) return std::nullopt;
    return check_segment("a label value", value);
}

}  // namespace hcloud::agent::config

#include "actions/cloud/error.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

/// Codes that a 4xx answer carries when the same request may well succeed a little later.
constexpr std::array<std::string_view, 8> kPassingCodes = {
    "conflict",    "locked",  "resource_locked", "rate_limit_exceeded",
    "maintenance", "timeout", "unavailable",     "bad_gateway"};

constexpr int kRequestTimeout = 408;

std::string describe(const Error::Details& details) {
    std::string text = details.request + " failed: ";
    if (details.http_status != 0) text += fmt::format("HTTP {}", details.http_status);
    if (!details.code.empty()) text += (details.http_status != 0 ? " " : "") + details.code;
    const bool bare = details.http_status == 0 && details.code.empty();
    if (!details.message.empty()) text += (bare ? "" : ": ") + details.message;
    if (!details.correlation_id.empty()) {
        text += fmt::format(" (correlation id {})", details.correlation_id);
    }
    return text;
}

}  // namespace

Error::Error(Details details)
    : std::runtime_error(describe(details)), details_(std::move(details)) {}

bool Error::retryable() const {
    switch (details_.kind) {
        case ErrorKind::unreachable:
        case ErrorKind::timeout:
        case ErrorKind::broken:
        case ErrorKind::rate_limited:
        case ErrorKind::server_fault:
            return true;
        case ErrorKind::not_permitted:
        case ErrorKind::not_found:
        case ErrorKind::rejected:
            return details_.http_status == kRequestTimeout ||
                   std::find(kPassingCodes.begin(), kPassingCodes.end(), details_.code) !=
                       kPassingCodes.end();
        case ErrorKind::too_large:
        case ErrorKind::malformed:
            return false;
    }
    return false;
}

}  // namespace hcloud::cloud

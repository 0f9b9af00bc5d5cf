#include "actions/cloud/error.h"

#include "actions/cloud/error_table.h"

#include <utility>

#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

std::string describe(const Error::Details& details) {
    std::string text = details.request + " failed: ";
    if (details.http_status != 0) text += fmt::format("HTTP {}", details.http_status);
    if (!details.code.empty()) text += (details.http_status != 0 ? " " : "") + details.code;
    const bool bare = details.http_status == 0 && details.code.empty();
    if (!details.message.empty()) text += (bare ? "" : ": ") + details.message;
    if (!details.correlation_id.empty()) {
        text += fmt::format(" (correlation id {})", details.correlation_id);
    }
    if (details.attempts > 1) text += fmt::format(", {} attempts", details.attempts);
    return text;
}

}  // namespace

Error::Error(Details details)
    : std::runtime_error(describe(details)), details_(std::move(details)) {}

ErrorClass Error::error_class() const {
    if (details_.error_class) return *details_.error_class;
    switch (details_.kind) {
        case ErrorKind::unreachable:
        case ErrorKind::timeout:
        case ErrorKind::broken:
            return ErrorClass::retry_now;
        case ErrorKind::too_large:
        case ErrorKind::malformed:
            return ErrorClass::our_fault;
        case ErrorKind::not_permitted:
        case ErrorKind::not_found:
        case ErrorKind::rate_limited:
        case ErrorKind::rejected:
        case ErrorKind::server_fault:
            break;
    }
    return rule_of(details_.code, details_.http_status).error_class;
}

bool Error::retryable() const {
    const auto what = error_class();
    return what == ErrorClass::retry_now || what == ErrorClass::retry_later;
}

}  // namespace hcloud::cloud

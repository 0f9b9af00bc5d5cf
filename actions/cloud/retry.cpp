#include "actions/cloud/retry.h"

#include <algorithm>

namespace hcloud::cloud {

namespace {

using std::chrono::milliseconds;

struct Pace {
    int most;            // retries
    milliseconds first;  // the mean pause; it doubles each time
    milliseconds longest;
};

Pace pace_of(Again again) {
    switch (again) {
        case Again::never:
            break;
        case Again::quickly:
            return {5, milliseconds(200), milliseconds(3200)};
        case Again::backing_off:
            return {4, milliseconds(500), milliseconds(8000)};
        case Again::refilled:
            return {5, milliseconds(1000), milliseconds(30000)};
        case Again::unlocked:  // most actions take 2 to 9 s
            return {40, milliseconds(500), milliseconds(2000)};
    }
    return {0, milliseconds(0), milliseconds(0)};
}

}  // namespace

Again again_after(const Error& error) {
    const auto& details = error.details();
    switch (error.kind()) {
        case ErrorKind::unreachable:
        case ErrorKind::timeout:
        case ErrorKind::broken:
            return error.error_class() == ErrorClass::retry_now ? Again::backing_off : Again::never;
        case ErrorKind::too_large:
        case ErrorKind::malformed:
            return Again::never;
        case ErrorKind::not_permitted:
        case ErrorKind::not_found:
        case ErrorKind::rate_limited:
        case ErrorKind::rejected:
        case ErrorKind::server_fault:
            break;
    }
    return rule_of(details.code, details.http_status).again;
}

std::optional<milliseconds> Retries::next(Again again) {
    const auto pace = pace_of(again);
    int& count = counts_.at(static_cast<std::size_t>(again));
    if (count >= pace.most) return std::nullopt;
    const auto mean = std::min<milliseconds>(pace.first * (1 << std::min(count, 20)), pace.longest);
    ++count;
    std::uniform_int_distribution<std::int64_t> spread(mean.count() / 2, mean.count() * 3 / 2);
    return milliseconds(spread(random_));
}

}  // namespace hcloud::cloud

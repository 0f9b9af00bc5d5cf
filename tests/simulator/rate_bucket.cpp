#include "tests/simulator/rate_bucket.h"

#include <algorithm>

namespace hcloud::sim {

namespace {
using Hours = std::chrono::duration<double, std::ratio<3600>>;
}

bool RateBucket::take(Time now) {
    refill(now);
    if (level_ < 1) return false;
    level_ -= 1;
    return true;
}

RateLimit RateBucket::level(Time now) {
    refill(now);
    return {limit_, static_cast<std::int64_t>(level_)};
}

Time RateBucket::full_at(Time now) {
    refill(now);
    const auto limit = static_cast<double>(limit_);
    return now + std::chrono::ceil<std::chrono::milliseconds>(Hours((limit - level_) / limit));
}

void RateBucket::refill(Time now) {
    const auto limit = static_cast<double>(limit_);
    level_ = std::min(limit, level_ + Hours(now - at_).count() * limit);
    at_ = now;
}

}  // namespace hcloud::sim

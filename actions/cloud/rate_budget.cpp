#include "actions/cloud/rate_budget.h"

#include <algorithm>

namespace hcloud::cloud {

namespace {

using Hours = std::chrono::duration<double, std::ratio<3600>>;

}  // namespace

RateBudget::RateBudget(int reserve_percent) : reserve_percent_(reserve_percent) {}

void RateBudget::note_sent(TimePoint now) {
    if (!level_) return;
    level_ = std::max(level(now) - 1, 0.0);
    at_ = now;
}

void RateBudget::note(const RateLimit& rate, TimePoint now) {
    if (rate.limit < 1) return;
    limit_ = rate.limit;
    level_ = static_cast<double>(std::clamp<std::int64_t>(rate.remaining, 0, rate.limit));
    at_ = now;
}

void RateBudget::note_refused(TimePoint now) {
    level_ = 0;
    at_ = now;
}

bool RateBudget::allows(Priority priority, TimePoint now) const {
    return !level_ || priority == Priority::essential || level(now) >= needed(priority);
}

RateBudget::TimePoint RateBudget::available_at(Priority priority, TimePoint now) const {
    if (!level_) return now;
    const double missing = needed(priority) - level(now);
    if (missing <= 0) return now;
    const auto limit = static_cast<double>(limit_);
    if (needed(priority) > limit) return TimePoint::max();
    // Rounded up, so that at that time allows() agrees.
    return now + std::chrono::ceil<std::chrono::milliseconds>(Hours(missing / limit));
}

std::optional<RateLimit> RateBudget::estimate(TimePoint now) const {
    if (!level_) return std::nullopt;
    return RateLimit{limit_, static_cast<std::int64_t>(level(now))};
}

double RateBudget::level(TimePoint now) const {
    const auto limit = static_cast<double>(limit_);
    return std::min(limit, *level_ + Hours(now - at_).count() * limit);
}

double RateBudget::needed(Priority priority) const {
    if (priority == Priority::essential) return 1;
    return static_cast<double>(limit_) * reserve_percent_ / 100 + 1;
}

}  // namespace hcloud::cloud

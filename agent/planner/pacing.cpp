#include "agent/planner/pacing.h"

#include <algorithm>

namespace hcloud::agent {

namespace {

using Seconds = std::chrono::duration<double>;

// Found by trying, and shown to hold by the fleet test, which runs fleets of 1 to 10,000.

constexpr Seconds kFull = std::chrono::hours(1);
/// Where the level rests while intervals are short, as a share of what lies above the reserve.
constexpr double kTarget = 0.8;
/// The level rests a second lower for each so many seconds of the interval.
constexpr double kPrice = 15;
/// A newcomer trusts the price less than those who have seen the level change.
constexpr double kNewcomersPrice = 5;
/// The bucket fell: a little more than what brings it to a stand, since it may go on falling.
constexpr double kCaution = 1.3;
/// How much of what lies above the reserve may be spent on shrinking intervals at once: they all
/// see the same level, and it looks full to everyone at the moment when nobody asks.
constexpr double kShrink = 0.5;
/// An interval never shrinks by more at once.
constexpr double kHalf = 0.5;
/// Held back until this share of what lies above the reserve has been refilled.
constexpr double kHold = 0.2;
constexpr double kJitter = 0.25;
/// Somebody waits for a server that boots: enough to keep a fleet from asking in the same instant.
constexpr Seconds kLongestSpread{2};

std::chrono::milliseconds rounded(Seconds time) {
    return std::chrono::ceil<std::chrono::milliseconds>(time);
}

}  // namespace

Pacing::Pacing(std::chrono::milliseconds wanted, int reserve_percent, std::uint32_t seed)
    : wanted_(wanted), reserve_share_(reserve_percent / 100.0), interval_(wanted), random_(seed) {}

void Pacing::configure(std::chrono::milliseconds wanted, int reserve_percent) {
    const bool stretched = interval_ > wanted_;
    wanted_ = wanted;
    reserve_share_ = reserve_percent / 100.0;
    interval_ = stretched ? std::max(interval_, wanted_) : wanted_;
}

std::chrono::milliseconds Pacing::interval() const {
    return rounded(interval_);
}

std::chrono::milliseconds Pacing::spread(Clock::time_point now) {
    const auto wait = std::min(wanted_ / 4, kLongestSpread) * random(0, 1);
    return rounded(std::max<Seconds>(wait, held_back(now)));
}

std::chrono::milliseconds Pacing::next(std::optional<cloud::RateLimit> rate,
                                       Clock::time_point now) {
    if (rate && rate->limit > 0) {
        const auto remaining = static_cast<double>(std::min(rate->remaining, rate->limit));
        const bool alone = rate->remaining >= rate->limit - 1;
        learn(kFull * (remaining / static_cast<double>(rate->limit)), alone, now);
    }
    const auto wait = interval_ * random(1 - kJitter, 1 + kJitter);
    return rounded(std::max(wait, held_back(now)));
}

void Pacing::learn(Seconds level, bool alone, Clock::time_point now) {
    const Seconds since = now - at_;
    // Too soon after the previous answer the change of the level says nothing about the others.
    if (answers_ > 0 && since < interval_ / 2) return;
    if (answers_ == 0) {
        interval_ = first_interval(level);
    } else if (alone) {
        // Nobody at all has asked within the last second: in a large fleet that would be rare.
        interval_ *= kHalf;
    } else {
        interval_ = std::max<Seconds>(interval_ + step(level, since), interval_ * kHalf);
    }
    interval_ = std::clamp<Seconds>(interval_, wanted_, std::max<Seconds>(wanted_, kLongest));
    ++answers_;
    level_ = level;
    at_ = now;
}

/// What is missing was taken by others, who may be as new: when it is there again, they may all
/// have been here once more.
Seconds Pacing::first_interval(Seconds level) const {
    return kFull - level + kNewcomersPrice * std::max(target({}) - level, Seconds(0));
}

/// By how much the interval changes.
Seconds Pacing::step(Seconds level, Seconds since) const {
    // What all took beyond the refill in one interval.
    const auto taken = (level_ - level) * (interval_ / since);
    auto change = taken * (taken > Seconds(0) ? kCaution : 1) + target(interval_) - level;
    // More than half of the refill stays: whoever emptied the bucket has gone.
    if (taken < -interval_ / 2) change = std::min<Seconds>(change, taken / 2);
    // Who has been here for longer was a part of what went well: doubling halves that part, and a
    // burst of somebody else's does not silence it.
    if (answers_ > 1) change = std::min(change, interval_);
    return std::max<Seconds>(change, -kShrink * std::max(level - reserve(), Seconds(0)));
}

/// If the latest answer showed less than a poll should find: until it should find it.
Seconds Pacing::held_back(Clock::time_point now) {
    if (answers_ == 0) return {};
    const auto needed = reserve() + kHold * (kFull - reserve());
    const Seconds missing = needed - level_ - (now - at_);
    return std::max(missing, Seconds(0)) * random(1, 1 + 2 * kJitter);
}

Seconds Pacing::reserve() const {
    return kFull * reserve_share_;
}

Seconds Pacing::target(Seconds interval) const {
    return reserve() + kTarget * (kFull - reserve()) - interval / kPrice;
}

double Pacing::random(double least, double most) {
    return std::uniform_real_distribution<double>(least, most)(random_);
}

}  // namespace hcloud::agent

// When to ask the API next, so that a fleet of any size shares one rate limit without knowing
// itself: no agent knows how many others there are, and each sees the bucket only in the answers to
// its own polls.
//
// Two things in an answer say how often to ask. The change since the previous one is what all
// together took: the interval grows or shrinks by as much. And the level itself is the price: the
// longer the intervals, the lower the level at which they rest, so that whoever sees the same level
// ends at the same interval, an agent that has just started too. Between the reserve and that level
// there is room for what nobody could foresee: others that start, or ask at the same moment.
//
// An interval of some length is also a delay of that length in this loop. Therefore shrinking is
// bounded by what is in the bucket: it looks full to everyone at the moment when nobody asks.
//
// Pure: the caller brings the time (monotonic).
#pragma once

#include "actions/cloud/types.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace hcloud::agent {

class Pacing {
  public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::chrono::hours kLongest{6};

    /// `wanted` is the interval while there is plenty; `reserve_percent` of the limit are not for
    /// polls.
    Pacing(std::chrono::milliseconds wanted, int reserve_percent, std::uint32_t seed);

    /// What was learned stays.
    void configure(std::chrono::milliseconds wanted, int reserve_percent);

    /// How long to wait before a poll that many agents may want at the same moment: at the start,
    /// or when all of them get a new configuration.
    std::chrono::milliseconds spread(Clock::time_point now);

    /// A poll is over: how long to wait before the next one. `rate` is what its last answer said;
    /// nothing if there was none. An answer 429 is one with nothing remaining.
    std::chrono::milliseconds next(std::optional<cloud::RateLimit> rate, Clock::time_point now);

    /// The interval around which the waiting times vary.
    std::chrono::milliseconds interval() const;

  private:
    // A level is the time in which the API refills as much; a full bucket is an hour.
    using Seconds = std::chrono::duration<double>;

    Seconds reserve() const;
    Seconds target(Seconds interval) const;
    Seconds first_interval(Seconds level) const;
    Seconds step(Seconds level, Seconds since) const;
    void learn(Seconds level, bool alone, Clock::time_point now);
    Seconds held_back(Clock::time_point now);
    double random(double least, double most);

    Seconds wanted_;
    double reserve_share_;
    Seconds interval_;
    int answers_ = 0;
    Seconds level_{};  // of the latest answer that counted, and its time
    Clock::time_point at_{};
    std::minstd_rand random_;
};

}  // namespace hcloud::agent

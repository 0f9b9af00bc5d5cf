// What is left of the project's rate limit, and who may spend it.
//
// The API's bucket holds `limit` requests and refills evenly, `limit` an hour. All servers and
// tools of the project share it: between two answers the level here is an estimate, too high by
// what others took meanwhile.
//
// Pure: the caller brings the time. Not thread-safe.
#pragma once

#include "actions/cloud/priority.h"
#include "actions/cloud/types.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace hcloud::cloud {

class RateBudget {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// `reserve_percent` of the limit are for essential requests alone; 0 to 100.
    explicit RateBudget(int reserve_percent = 20);

    /// A request goes out. Until an answer says more, one less is left.
    void note_sent(TimePoint now);
    /// What an answer's headers say. A limit below 1 says nothing and is ignored.
    void note(const RateLimit& rate, TimePoint now);
    /// HTTP 429: nothing is left, whatever its headers say.
    void note_refused(TimePoint now);

    /// Whether a request may go out. Essential ones always may: should nothing be left, the API
    /// says so. So may all while nothing is known.
    bool allows(Priority priority, TimePoint now) const;
    /// When the estimate has room for such a request; `now` if it has. TimePoint::max() if it never
    /// will: the reserve leaves no room.
    TimePoint available_at(Priority priority, TimePoint now) const;

    /// Nothing before the first answer.
    std::optional<RateLimit> estimate(TimePoint now) const;

  private:
    double level(TimePoint now) const;
    /// What must be left before such a request goes out.
    double needed(Priority priority) const;

    // The documented limit, for a 429 that comes before any header.
    std::int64_t limit_ = 3600;
    int reserve_percent_;
    std::optional<double> level_;  // at `at_`
    TimePoint at_{};
};

}  // namespace hcloud::cloud

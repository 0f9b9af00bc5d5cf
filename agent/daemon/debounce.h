// How long to wait after a netlink event before the dump: until a burst is over, not longer.
//
// Pure. A short quiet time lets `ip addr flush` finish instead of racing it; when something else
// churns the network all the time, wake-ups are spaced so that we do not churn along.
#pragma once

#include "agent/planner/damping.h"

#include <chrono>
#include <deque>
#include <optional>

namespace hcloud::agent {

class Debounce {
  public:
    static constexpr std::chrono::milliseconds kQuiet{1};
    static constexpr std::chrono::milliseconds kLongestBurst{20};
    static constexpr std::chrono::milliseconds kStormSpacing{50};
    static constexpr std::size_t kStorm = 50;  // idle cycles within a second

    /// An event came: the time to wait from now, in place of what was said before.
    Clock::duration on_event(Clock::time_point now);
    /// A cycle that began at `now`; `useful` if it had something to change.
    void on_cycle(Clock::time_point now, bool useful);

  private:
    std::optional<Clock::time_point> first_;  // of the burst
    std::deque<Clock::time_point> idle_;      // the latest cycles that were none of our business
};

}  // namespace hcloud::agent

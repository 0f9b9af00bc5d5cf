// Virtual time: a queue of things to happen, and clocks that show when it is.
#pragma once

#include "actions/cloud/clock.h"
#include "tests/simulator/values.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace hcloud::fleet {

using std::chrono::milliseconds;

/// Not thread-safe: a fleet is one thread.
class Timeline {
  public:
    void at(milliseconds time, std::function<void()> what);
    void in(milliseconds delay, std::function<void()> what) { at(now_ + delay, std::move(what)); }

    /// Lets everything happen that is due until then, in order.
    void run_until(milliseconds end);

    milliseconds now() const { return now_; }
    /// The same moment for those under test and for the simulated cloud.
    cloud::TimePoint steady() const { return cloud::TimePoint(std::chrono::hours(1000)) + now_; }
    sim::Time wall() const { return sim::Time(std::chrono::hours(500'000)) + now_; }

  private:
    struct Event {
        milliseconds time;
        std::uint64_t order;  // of two at the same time the one that was asked for first
        std::function<void()> what;
    };
    struct Later {
        bool operator()(const Event& a, const Event& b) const {
            return a.time != b.time ? a.time > b.time : a.order > b.order;
        }
    };

    milliseconds now_{0};
    std::uint64_t next_order_ = 0;
    std::priority_queue<Event, std::vector<Event>, Later> events_;
};

/// A client's clock. Who sleeps lets the rest of the world go on.
class VirtualClock : public cloud::Clock {
  public:
    explicit VirtualClock(Timeline& timeline) : timeline_(timeline) {}

    cloud::TimePoint now() const override { return timeline_.steady(); }
    bool sleep_for(milliseconds time) override;
    void cancel() noexcept override { cancelled_ = true; }

  private:
    Timeline& timeline_;
    bool cancelled_ = false;
};

}  // namespace hcloud::fleet

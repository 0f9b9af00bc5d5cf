#include "tests/fleet/timeline.h"

#include <algorithm>
#include <utility>

namespace hcloud::fleet {

void Timeline::at(milliseconds time, std::function<void()> what) {
    events_.push({std::max(time, now_), next_order_++, std::move(what)});
}

void Timeline::run_until(milliseconds end) {
    while (!events_.empty() && events_.top().time <= end) {
        // Popped before it happens: it may add events, or sleep and run this queue itself.
        auto event = std::move(const_cast<Event&>(events_.top()));
        events_.pop();
        now_ = std::max(now_, event.time);
        event.what();
    }
    now_ = std::max(now_, end);
}

bool VirtualClock::sleep_for(milliseconds time) {
    timeline_.run_until(timeline_.now() + time);
    return !cancelled_;
}

}  // namespace hcloud::fleet

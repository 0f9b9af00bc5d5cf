#include "agent/daemon/debounce.h"

#include <algorithm>

namespace hcloud::agent {

Clock::duration Debounce::on_event(Clock::time_point now) {
    if (!first_) first_ = now;
    if (idle_.size() >= kStorm && now - idle_.front() < std::chrono::seconds(1)) {
        return std::max<Clock::duration>(idle_.back() + kStormSpacing - now, kQuiet);
    }
    const auto left = *first_ + kLongestBurst - now;
    return std::clamp<Clock::duration>(left, Clock::duration::zero(), kQuiet);
}

void Debounce::on_cycle(Clock::time_point now, bool useful) {
    first_.reset();
    if (useful) return;
    idle_.push_back(now);
    while (idle_.size() > kStorm)
        idle_.pop_front();
}

}  // namespace hcloud::agent

#include "actions/cloud/action_schedule.h"

#include <algorithm>

namespace hcloud::cloud {

std::chrono::milliseconds pause_before_next_poll(std::chrono::milliseconds waited, bool budget_low,
                                                 Pace pace) {
    using namespace std::chrono_literals;
    constexpr auto kLongest = 2000ms;
    constexpr int kShare = 20;
    if (budget_low) return kLongest;
    if (pace == Pace::sparing) return waited < 10s ? 1000ms : kLongest;
    if (waited < 1s) return 100ms;
    return std::clamp(waited / kShare, std::chrono::milliseconds(250ms),
                      std::chrono::milliseconds(kLongest));
}

}  // namespace hcloud::cloud

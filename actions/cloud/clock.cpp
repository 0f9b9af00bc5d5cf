#include "actions/cloud/clock.h"

namespace hcloud::cloud {

bool SteadyClock::sleep_for(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return !condition_.wait_for(lock, time, [this] { return cancelled_; });
}

void SteadyClock::cancel() noexcept {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    condition_.notify_all();
}

}  // namespace hcloud::cloud

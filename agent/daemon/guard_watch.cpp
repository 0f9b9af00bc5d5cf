#include "agent/daemon/guard_watch.h"

#include "actions/host/network.h"

#include <utility>

namespace hcloud::agent {

GuardWatch::GuardWatch(sd::Event& event, std::function<void()> wake)
    : event_(event), wake_(std::move(wake)) {}

void GuardWatch::watch(bool wanted) {
    if (wanted && !monitor_) return open();
    if (wanted) return;
    io_ = {};
    monitor_.reset();
    problem_.clear();
}

void GuardWatch::open() {
    try {
        auto monitor = std::make_unique<host::GuardMonitor>();
        io_ = event_.on_readable(monitor->fd(), [this] {
            if (drained()) wake_();
        });
        monitor_ = std::move(monitor);
        problem_.clear();
    } catch (const host::Error& error) {
        problem_ = error.what();
    }
}

void GuardWatch::drain() {
    if (monitor_) (void)drained();
}

bool GuardWatch::drained() {
    try {
        return monitor_->drain();
    } catch (const host::Error& error) {
        problem_ = error.what();
        // Posted, since this may run in a callback of the source that goes.
        event_.post([this] {
            watch(false);
            wake_();
        });
        return false;
    }
}

}  // namespace hcloud::agent

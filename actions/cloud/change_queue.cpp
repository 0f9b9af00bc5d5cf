#include "actions/cloud/change_queue.h"

namespace hcloud::cloud {

std::optional<ChangeQueue::Turn> ChangeQueue::wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    const auto ticket = ++latest_;
    waiting_.push_back(ticket);
    const bool in_time =
        changed_.wait_for(lock, limit, [&] { return closed_ || waiting_.front() == ticket; });
    if (in_time && !closed_) return Turn(*this);
    std::erase(waiting_, ticket);
    changed_.notify_all();
    return std::nullopt;
}

void ChangeQueue::leave() {
    const std::lock_guard lock(mutex_);
    waiting_.pop_front();
    changed_.notify_all();
}

std::size_t ChangeQueue::length() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

void ChangeQueue::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

}  // namespace hcloud::cloud

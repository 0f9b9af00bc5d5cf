// Waiting for a descriptor, and all that ends the waiting. Internal to this folder.
#pragma once

#include "actions/cloud/clock.h"

#include <atomic>
#include <chrono>

namespace hcloud::cloud {

/// Happens once, for good; in any thread, while others wait for it.
class Event {
  public:
    Event();  // throws std::system_error without a descriptor to be had
    ~Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    void happen() noexcept;
    bool happened() const noexcept { return happened_; }
    int fd() const { return fd_; }  // readable from then on

  private:
    std::atomic<bool> happened_ = false;
    int fd_;
};

enum class Waited { ready, idle, deadline, cancelled };

class Patience {
  public:
    /// `cancelled` ends every wait, and outlives this.
    explicit Patience(const Event& cancelled) : cancelled_(cancelled) {}

    /// `idle` is for each wait, `deadline` for all of them.
    void set(TimePoint deadline, std::chrono::milliseconds idle) {
        deadline_ = deadline;
        idle_ = idle;
    }
    TimePoint deadline() const { return deadline_; }
    std::chrono::milliseconds idle() const { return idle_; }
    bool over() const { return std::chrono::steady_clock::now() >= deadline_; }
    bool cancelled() const { return cancelled_.happened(); }

    /// Waits for `events` of poll(2).
    Waited wait(int fd, short events) const;

  private:
    const Event& cancelled_;
    TimePoint deadline_{};
    std::chrono::milliseconds idle_{};
};

}  // namespace hcloud::cloud

// Changes of one server, one after the other: while an action of a server runs, the API answers
// `locked` to most others. One client does not see to it: an action goes on after its call, and
// each thread has a client of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace hcloud::cloud {

/// Thread-safe; outlives its turns.
class ChangeQueue {
  public:
    /// Lasts from before the change is sent until its action has ended. Passes on with its end.
    class Turn {
      public:
        Turn(Turn&& other) noexcept : queue_(std::exchange(other.queue_, nullptr)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (queue_ != nullptr) queue_->leave();
        }

      private:
        friend class ChangeQueue;
        explicit Turn(ChangeQueue& queue) : queue_(&queue) {}
        ChangeQueue* queue_;
    };

    /// Waits for the turns of all who asked before; nothing if that takes longer than `limit`, or
    /// after close().
    std::optional<Turn> wait(std::chrono::milliseconds limit);
    /// For good: nobody gets a turn any more. Turns that are taken last on.
    void close();
    /// How many have their turn or wait for it.
    std::size_t length() const;

  private:
    void leave();

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::uint64_t> waiting_;  // tickets; the first has its turn
    std::uint64_t latest_ = 0;
    bool closed_ = false;
};

}  // namespace hcloud::cloud

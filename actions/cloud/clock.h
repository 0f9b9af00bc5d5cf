// Steady time and waiting, as the client sees them: real, or a test's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace hcloud::cloud {

using TimePoint = std::chrono::steady_clock::time_point;

/// One for each client: cancel() ends the waiting of whoever uses it.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
    /// False if cancelled before the time was over.
    virtual bool sleep_for(std::chrono::milliseconds time) = 0;
    /// From any thread, for good.
    virtual void cancel() noexcept = 0;
};

class SteadyClock : public Clock {
  public:
    TimePoint now() const override { return std::chrono::steady_clock::now(); }
    bool sleep_for(std::chrono::milliseconds time) override;
    void cancel() noexcept override;

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool cancelled_ = false;
};

}  // namespace hcloud::cloud

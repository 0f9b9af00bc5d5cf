// The client in virtual time and without sockets: a clock that only sleeping moves, and a transport
// that is a function.
#pragma once

#include "actions/cloud/clock.h"
#include "actions/cloud/transport.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hcloud::cloud {

class VirtualClock : public Clock {
  public:
    TimePoint now() const override { return now_; }
    bool sleep_for(std::chrono::milliseconds time) override {
        if (cancelled_) return false;
        sleeps_.push_back(time);
        advance(time);
        return true;
    }
    void cancel() noexcept override { cancelled_ = true; }

    void advance(std::chrono::milliseconds time) { now_ += time; }
    /// Every sleep so far.
    const std::vector<std::chrono::milliseconds>& sleeps() const { return sleeps_; }

  private:
    TimePoint now_{std::chrono::hours(1)};
    std::vector<std::chrono::milliseconds> sleeps_;
    std::atomic<bool> cancelled_ = false;
};

/// For real sockets: nobody has to wait for a sleeper, it is as if the sleep had passed. Besides,
/// time passes or not.
class SkippingClock : public Clock {
  public:
    TimePoint now() const override {
        return (stands_since_ ? *stands_since_ : std::chrono::steady_clock::now()) + slept_;
    }
    /// From now on only sleeping moves it. It is so far ahead that no deadline comes on a socket.
    void stand_still() { stands_since_ = std::chrono::steady_clock::now() + std::chrono::hours(1); }
    bool sleep_for(std::chrono::milliseconds time) override {
        slept_ += time;
        return true;
    }
    void cancel() noexcept override {}

    std::chrono::milliseconds slept() const { return slept_; }

  private:
    std::optional<TimePoint> stands_since_;
    std::chrono::milliseconds slept_{};
};

class FunctionTransport : public Transport {
  public:
    using Function = std::function<Reply(const Request&, TimePoint deadline)>;
    explicit FunctionTransport(Function function) : function_(std::move(function)) {}

    Reply exchange(const Request& request, TimePoint deadline) override {
        if (cancelled_) throw Failure{ErrorKind::timeout, "cancelled"};
        return function_(request, deadline);
    }
    void cancel() noexcept override { cancelled_ = true; }
    std::string url() const override { return "virtual://api"; }

  private:
    Function function_;
    std::atomic<bool> cancelled_ = false;
};

}  // namespace hcloud::cloud

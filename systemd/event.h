// sd-event as a C++ type: one loop, owned sources, callbacks that may throw.
//
// Everything but Event::post() belongs to the thread that runs the loop. An exception in a callback
// goes to the error handler and leaves its source armed: sd-event itself would disable the source
// silently.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>

namespace hcloud::sd {

using Callback = std::function<void()>;

/// Owns one event source; destroying it ends the callbacks.
class Source {
  public:
    struct State;
    Source();
    explicit Source(std::unique_ptr<State> state);
    Source(Source&&) noexcept;
    Source& operator=(Source&&) noexcept;
    ~Source();

    /// Timers only: fire once, `delay` from now, in place of what was set before.
    void arm(std::chrono::microseconds delay);
    void disarm();

  private:
    std::unique_ptr<State> state_;
};

class Event {
  public:
    Event();  // throws std::system_error
    ~Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    [[nodiscard]] Source on_readable(int fd, Callback callback);
    [[nodiscard]] Source on_signal(int number, Callback callback);  // blocks the signal for good
    [[nodiscard]] Source timer(Callback callback);                  // monotonic; not armed yet

    /// Runs `callback` on the loop's thread, soon. From any thread.
    void post(Callback callback);

    void on_error(std::function<void(const std::exception&)> handler);

    /// Feeds the service manager's watchdog if it asked for that ($WATCHDOG_USEC). True if it did.
    bool feed_watchdog();

    void run();  // until quit()
    void quit();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hcloud::sd

// One blocking job at a time, on a thread of its own, with a total deadline.
//
// The one place where deadlines of HTTP rounds are kept: at the deadline the job is cancelled (its
// client shuts the socket down) and then ends by itself with an error of its own.
#pragma once

#include "systemd/event.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace hcloud::agent {

class Worker {
  public:
    /// Runs on the worker's thread; what it returns runs on the loop's thread, if the loop still
    /// runs.
    using Job = std::function<sd::Callback()>;

    explicit Worker(sd::Event& event);
    ~Worker();  // cancels the job and waits for its end: see stop()
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    bool busy() const;

    /// Not while busy. `broken` runs in place of the job's answer, with what() of an exception that
    /// it threw. `cancel` may be called from any thread and makes `job` return soon. Throws
    /// std::system_error if there is no thread to be had.
    void start(std::chrono::milliseconds deadline, Job job,
               std::function<void(const std::string&)> broken, std::function<void()> cancel);

    /// The end: cancels and waits; the loop must not run after it. False if the job did not end in
    /// time: name resolution cannot be interrupted, and the process may only leave by _exit().
    bool stop(std::chrono::milliseconds limit);

  private:
    class Thread;
    sd::Event& event_;
    sd::Source deadline_;
    std::unique_ptr<Thread> thread_;
};

}  // namespace hcloud::agent

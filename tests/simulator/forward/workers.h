// Threads that end by themselves.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace hcloud::sim {

/// Thread-safe.
class Workers {
  public:
    explicit Workers(std::size_t limit) : limit_(limit) {}
    ~Workers();  // waits until all have ended
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Runs `work` in a thread of its own; it must not throw. False if so many are at work already,
    /// or the system has no thread left.
    bool start(std::function<void()> work);

  private:
    struct Worker {
        std::thread thread;
        std::atomic<bool> ended = false;
    };
    void forget_ended();

    const std::size_t limit_;
    std::mutex mutex_;
    std::list<Worker> workers_;
};

}  // namespace hcloud::sim

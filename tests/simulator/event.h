// A flag that threads can wait for together with a client's connection.
#pragma once

#include <chrono>
#include <optional>

namespace hcloud::sim {

enum class Wake { timeout, set, client_left };

/// Set once, it stays set. Thread-safe.
class Event {
  public:
    Event();  // throws std::system_error
    ~Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    void set() noexcept;
    /// Waits until the event is set, the client at `socket` closes its side, or `limit` is over.
    Wake wait(int socket, std::optional<std::chrono::milliseconds> limit) const;

  private:
    int fd_;
};

}  // namespace hcloud::sim

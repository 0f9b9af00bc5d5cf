// Connections between clients and targets.
#pragma once

#include "tests/simulator/forward/workers.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

namespace hcloud::sim {

/// Each has two threads, one a direction, so that neither can block the other. Thread-safe.
class Relays {
  public:
    /// `failed`: the target could not be reached.
    using Ended = std::function<void(bool failed)>;

    explicit Relays(std::size_t limit) : workers_(limit) {}
    ~Relays();  // cuts all connections
    Relays(const Relays&) = delete;
    Relays& operator=(const Relays&) = delete;

    /// Connects the client with the target until both have closed, or one has broken off. If the
    /// target cannot be reached, the client is closed. False if there are too many already; then
    /// `ended` is not called.
    bool start(const Poco::Net::StreamSocket& client, const Poco::Net::SocketAddress& target,
               Ended ended);

  private:
    struct Pair {
        Poco::Net::StreamSocket client;
        Poco::Net::StreamSocket target;
    };
    class Entry;
    /// False if the target could not be reached.
    bool relay(Poco::Net::StreamSocket client, const Poco::Net::SocketAddress& address);
    void exchange(const Pair& pair);

    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::list<Pair> open_;
    Workers workers_;  // the last one, so that it is the first to go
};

}  // namespace hcloud::sim

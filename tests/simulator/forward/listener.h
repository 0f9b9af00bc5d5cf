// An address and port where a load balancer's clients connect.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

namespace hcloud::sim {

class Listener {
  public:
    /// Called by the listener's thread, one after the other; must not throw.
    using Accepted = std::function<void(const Poco::Net::StreamSocket& client)>;

    /// Throws std::runtime_error with the reason alone ("Address already in use").
    Listener(const std::string& address, std::int64_t port, Accepted accepted);
    /// Stops listening; what has been accepted is not its business.
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

  private:
    void run();

    Poco::Net::ServerSocket socket_;
    Accepted accepted_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace hcloud::sim

// The simulated load balancers as real ones: they listen, check their targets and forward TCP.
//
// What they do follows the state within kPace; where a new connection goes is decided by the state
// of that very moment. HTTP is not looked into.
#pragma once

#include "tests/simulator/forward/checker.h"
#include "tests/simulator/simulation.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace hcloud::sim {

class Listener;
class Relays;

struct ForwardOptions {
    std::optional<std::string> listen;  // the address for all, instead of the load balancers' own
    // At once; more are closed. Each takes two file descriptors, of which there are often 1024.
    std::size_t max_connections = 256;
};

/// What has become of listening for a service on an address.
struct ListenReport {
    ServicePort service;
    std::string address;
    std::string error;  // "" if it listens
};

class Forwarder {
  public:
    static constexpr std::chrono::milliseconds kPace{100};
    /// Called by the forwarder's thread, once for each change.
    using Report = std::function<void(const ListenReport&)>;

    Forwarder(Simulation& simulation, ForwardOptions options, Report report);
    ~Forwarder();  // closes all connections
    Forwarder(const Forwarder&) = delete;
    Forwarder& operator=(const Forwarder&) = delete;

  private:
    using Place = std::pair<ServicePort, std::string>;  // and the address
    struct Door {
        std::unique_ptr<Listener> listener;  // nullptr: it could not listen
        std::string error;
    };

    void run();
    void follow(const ForwardedServices& services);
    void open(const Place& place, Door& door);

    Simulation& simulation_;
    const ForwardOptions options_;
    const Report report_;
    std::unique_ptr<Relays> relays_;
    std::map<Place, Door> doors_;
    Checker checker_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace hcloud::sim

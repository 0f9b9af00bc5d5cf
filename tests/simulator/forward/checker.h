// Health checks of the targets of load balancers.
#pragma once

#include "tests/simulator/forward/forwarding.h"
#include "tests/simulator/forward/workers.h"
#include "tests/simulator/simulation.h"

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <utility>

namespace hcloud::sim {

/// Each check connects, whatever its protocol, and says in the world what came of it.
class Checker {
  public:
    explicit Checker(Simulation& simulation) : simulation_(simulation) {}
    ~Checker() { stopping_ = true; }  // ends the checks that are at work

    /// Starts the checks that are due: the first one of a target at once. To be called again and
    /// again.
    void check(const ForwardedServices& services);

  private:
    using Clock = std::chrono::steady_clock;
    using Target = std::pair<ServicePort, std::string>;  // and its address
    static constexpr std::size_t kAtOnce = 64;

    bool start(const Target& target, const HealthCheck& check);
    void probe(const Target& target, const HealthCheck& check);

    Simulation& simulation_;
    std::map<Target, Clock::time_point> due_;
    std::atomic<bool> stopping_ = false;
    Workers workers_{kAtOnce};  // the last one, so that it is the first to go
};

}  // namespace hcloud::sim

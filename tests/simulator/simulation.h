// The whole simulator but for its sockets: world, routes, faults and request log.
#pragma once

#include "tests/simulator/faults.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/router.h"
#include "tests/simulator/world.h"

#include <mutex>

namespace hcloud::sim {

/// Thread-safe.
class Simulation {
  public:
    Simulation(State initial, World::Clock clock);
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// Answers as the service that the path belongs to; never throws for what a client sends.
    Response answer(const Request& request) { return answer_after(request, nullptr); }
    /// The same after a merge patch of the state; no other request is answered between the two.
    Response answer(const Request& request, const nlohmann::json& patch) {
        return answer_after(request, &patch);
    }

    /// Runs `look` on the world as it is now, between two requests: they wait for it.
    template <typename Look>
    auto with_world(Look look) {
        const std::lock_guard lock(mutex_);
        world_.advance();
        return look(world_);
    }

    FaultBook& faults() { return faults_; }
    RequestLog& log() { return log_; }

    static bool is_admin(const std::string& path);

  private:
    Response answer_after(const Request& request, const nlohmann::json* patch);
    Response dispatch(const Request& request);

    FaultBook faults_;
    RequestLog log_;
    Router router_;
    std::mutex mutex_;
    World world_;
};

/// The time of day when called first, then steady: setting the computer's clock ends no action
/// early.
World::Clock real_clock();

}  // namespace hcloud::sim

// The simulated project: its state and what time does to it. No sockets, no threads.
//
// Time passes only in advance(): whoever handles a request calls it first. Not thread-safe; the
// mutex is the caller's (simulation.h).
#pragma once

#include "tests/simulator/action.h"
#include "tests/simulator/rate_bucket.h"
#include "tests/simulator/state.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace hcloud::sim {

class World {
  public:
    using Clock = std::function<Time()>;  // must never go back

    World(State initial, Clock clock);

    Time now() const { return clock_(); }
    const State& state() const { return state_; }
    /// The state with the rate limit as it stands now: what /_sim/state shows.
    State snapshot();
    /// The state as metadata shows it: `metadata.lag` ago.
    const State& metadata_state() const;

    /// Ends the actions that are due, in the order in which they end.
    void advance();

    /// Starts an action that ends after `action_duration`; with 0 it has ended on return.
    const Action& start(ActionPlan plan);
    const std::map<Id, Action>& actions() const { return actions_; }
    /// Whether an action that concerns the resource is running.
    bool locked(const Resource& resource) const;
    /// Whether the address belongs to a server in that network, or is reserved by a running action.
    bool ip_in_use(const ReservedIp& address) const;

    /// Replaces everything but the actions; for the admin endpoint.
    void replace(State state);

    RateBucket& rate() { return rate_; }

  private:
    void end(Action& action);
    void remember(Time since);
    void forget();

    Clock clock_;
    State state_;
    RateBucket rate_;
    std::map<Id, Action> actions_;
    std::map<std::pair<Time, Id>, Id> due_;  // running actions by end
    Id next_action_ = 1;
    // What the state was from which time on; the last one is the current.
    std::deque<std::pair<Time, std::shared_ptr<const State>>> history_;
};

}  // namespace hcloud::sim

// The simulated project: its state and what time does to it. No sockets, no threads.
//
// Time passes only in advance(): whoever handles a request calls it first. Not thread-safe; the
// mutex is the caller's (simulation.h).
#pragma once

#include "tests/simulator/action.h"
#include "tests/simulator/address_pool.h"
#include "tests/simulator/forward/forwarding.h"
#include "tests/simulator/rate_bucket.h"
#include "tests/simulator/state/state.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

    /// Changes the state at once: what needs no action.
    void change(const std::function<void(State&)>& change);
    /// For a resource that is created: of no other, and never given twice.
    Id new_id();
    /// A public IPv4 address, or for "ipv6" a /64, that nothing has; one that has been given before
    /// only when all have. std::nullopt when all are in use.
    std::optional<std::string> new_address(const std::string& type) {
        return addresses_.next(type, state_);
    }
    /// As the API writes it; how, depends on the profile.
    std::string timestamp(Time time) const;

    /// Starts an action that ends after what the state's options say for its command; with 0 it has
    /// ended on return.
    const Action& start(ActionPlan plan);
    const std::map<Id, Action>& actions() const { return actions_; }
    /// Whether an action that concerns the resource, and does not spare it, is running.
    bool locked(const Resource& resource) const;
    /// Whether such an action that concerns all the resources is running.
    bool running(const std::string& command, const std::vector<Resource>& resources) const;
    /// Whether the address belongs to a server in that network, or is reserved by a running action.
    bool ip_in_use(const ReservedIp& address) const;

    /// Replaces everything but the actions; for the admin endpoint.
    void replace(State state);
    /// Ends a running action without effect and forgets it. False if there is none.
    bool lose_action(Id id);

    RateBucket& rate() { return rate_; }

    /// From now on load balancers forward, and their targets are as the checks find them.
    void start_forwarding() { forwarding_.emplace(); }
    /// nullptr if they do not.
    Forwarding* forwarding() { return forwarding_ ? &*forwarding_ : nullptr; }
    const Forwarding* forwarding() const { return forwarding_ ? &*forwarding_ : nullptr; }

  private:
    std::chrono::milliseconds usual_duration(const std::string& command) const;
    std::optional<ActionError> take_effect(const Action& action, State& changed);
    void end(Action& action);
    void remember(Time since);
    void forget();

    Clock clock_;
    State state_;
    RateBucket rate_;
    std::optional<Forwarding> forwarding_;
    AddressPool addresses_;
    std::map<Id, Action> actions_;
    std::map<std::pair<Time, Id>, Id> due_;  // running actions by end
    Id next_action_ = 1;
    Id last_id_ = 5'000'000;  // above what a state file is likely to use
    // What the state was from which time on; the last one is the current.
    std::deque<std::pair<Time, std::shared_ptr<const State>>> history_;
};

}  // namespace hcloud::sim

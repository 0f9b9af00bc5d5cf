#include "tests/simulator/world.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

constexpr std::size_t kMaxActions = 10'000;  // ended ones beyond that are forgotten

bool has_ip(const PrivateNet& net, const ReservedIp& address) {
    if (net.network != address.network) return false;
    return net.ip == address.ip ||
           std::find(net.alias_ips.begin(), net.alias_ips.end(), address.ip) != net.alias_ips.end();
}

}  // namespace

bool Action::concerns(const Resource& resource) const {
    return std::find(plan.resources.begin(), plan.resources.end(), resource) !=
           plan.resources.end();
}

World::World(State initial, Clock clock)
    : clock_(std::move(clock)), state_(std::move(initial)), rate_(state_.rate_limit, clock_()) {
    remember(now());
}

State World::snapshot() {
    State copy = state_;
    copy.rate_limit = rate_.level(now());
    return copy;
}

const State& World::metadata_state() const {
    const Time at = now() - state_.metadata.lag;
    const auto newer = std::find_if(history_.begin() + 1, history_.end(),
                                    [&](const auto& entry) { return entry.first > at; });
    return *std::prev(newer)->second;
}

void World::advance() {
    const Time at = now();
    while (!due_.empty() && due_.begin()->first.first <= at) {
        Action& action = actions_.at(due_.begin()->second);
        due_.erase(due_.begin());
        end(action);
    }
    forget();
}

const Action& World::start(ActionPlan plan) {
    const Id id = next_action_++;
    Action action;
    action.id = id;
    action.plan = std::move(plan);
    action.started = now();
    action.ends = action.started + state_.action_duration;
    due_[{action.ends, id}] = id;
    actions_[id] = std::move(action);
    advance();
    return actions_.at(id);
}

bool World::locked(const Resource& resource) const {
    return std::any_of(due_.begin(), due_.end(), [&](const auto& entry) {
        return actions_.at(entry.second).concerns(resource);
    });
}

bool World::ip_in_use(const ReservedIp& address) const {
    for (const auto& [id, server] : state_.servers) {
        for (const PrivateNet& net : server.private_net) {
            if (has_ip(net, address)) return true;
        }
    }
    return std::any_of(due_.begin(), due_.end(), [&](const auto& entry) {
        const auto& reserved = actions_.at(entry.second).plan.reserved;
        return std::find(reserved.begin(), reserved.end(), address) != reserved.end();
    });
}

void World::replace(State state) {
    if (state.rate_limit != rate_.level(now())) rate_ = RateBucket(state.rate_limit, now());
    state_ = std::move(state);
    remember(now());
}

void World::end(Action& action) {
    State changed = state_;
    action.error = action.plan.effect(changed);
    action.status = action.error ? Action::Status::error : Action::Status::success;
    if (action.error) return;
    state_ = std::move(changed);
    remember(action.ends);
}

void World::remember(Time since) {
    history_.emplace_back(since, std::make_shared<const State>(state_));
}

void World::forget() {
    const Time at = now() - state_.metadata.lag;
    while (history_.size() > 1 && history_[1].first <= at)
        history_.pop_front();
    while (actions_.size() > kMaxActions &&
           actions_.begin()->second.status != Action::Status::running) {
        actions_.erase(actions_.begin());
    }
}

}  // namespace hcloud::sim

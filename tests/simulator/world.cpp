#include "tests/simulator/world.h"

#include "tests/simulator/commands.h"
#include "tests/simulator/state/rules.h"

#include <algorithm>
#include <stdexcept>

namespace hcloud::sim {

namespace {

constexpr std::size_t kMaxActions = 10'000;  // ended ones beyond that are forgotten

bool is_in_use(const State& state, Id id) {
    bool used = false;
    each_kind(state, [&](const char*, const auto& entries) { used |= entries.count(id) != 0; });
    return used;
}

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
    addresses_.avoid(state_);
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

void World::change(const std::function<void(State&)>& change) {
    change(state_);
    remember(now());
}

Id World::new_id() {
    do {
        ++last_id_;
    } while (is_in_use(state_, last_id_));
    return last_id_;
}

std::string World::timestamp(Time time) const {
    std::string text = format_time(time);
    if (state_.profile == Profile::of_2025_06) text.replace(text.size() - 1, 1, "+00:00");
    return text;
}

const Action& World::start(ActionPlan plan) {
    if (!is_command(plan.command)) throw std::logic_error("no command is called " + plan.command);
    const Id id = next_action_++;
    Action action;
    action.id = id;
    action.plan = std::move(plan);
    action.started = now();
    const auto before = action.plan.after ? actions_.find(*action.plan.after) : actions_.end();
    const Time begins =
        before == actions_.end() ? action.started : std::max(action.started, before->second.ends);
    action.ends = begins + action.plan.duration.value_or(usual_duration(action.plan.command));
    due_[{action.ends, id}] = id;
    actions_[id] = std::move(action);
    advance();
    return actions_.at(id);
}

std::chrono::milliseconds World::usual_duration(const std::string& command) const {
    const auto own = state_.actions.durations.find(command);
    return own == state_.actions.durations.end() ? state_.actions.duration : own->second;
}

bool World::locked(const Resource& resource) const {
    return std::any_of(due_.begin(), due_.end(), [&](const auto& entry) {
        const Action& action = actions_.at(entry.second);
        return action.plan.spared != resource.type && action.concerns(resource);
    });
}

bool World::running(const std::string& command, const std::vector<Resource>& resources) const {
    return std::any_of(due_.begin(), due_.end(), [&](const auto& entry) {
        const Action& action = actions_.at(entry.second);
        return action.plan.command == command &&
               std::all_of(resources.begin(), resources.end(),
                           [&](const Resource& resource) { return action.concerns(resource); });
    });
}

bool World::ip_in_use(const ReservedIp& address) const {
    for (const auto& [id, server] : state_.servers) {
        for (const PrivateNet& net : server.private_net) {
            if (has_ip(net, address)) return true;
        }
    }
    for (const auto& [id, balancer] : state_.load_balancers) {
        const auto& net = balancer.private_net;
        if (net && net->network == address.network && net->ip == address.ip) return true;
    }
    return std::any_of(due_.begin(), due_.end(), [&](const auto& entry) {
        const auto& reserved = actions_.at(entry.second).plan.reserved;
        return std::find(reserved.begin(), reserved.end(), address) != reserved.end();
    });
}

void World::replace(State state) {
    if (state.rate_limit != rate_.level(now())) rate_ = RateBucket(state.rate_limit, now());
    state_ = std::move(state);
    addresses_.avoid(state_);
    remember(now());
}

bool World::lose_action(Id id) {
    const auto action = actions_.find(id);
    if (action == actions_.end()) return false;
    due_.erase({action->second.ends, id});
    actions_.erase(action);
    return true;
}

std::optional<ActionError> World::take_effect(const Action& action, State& changed) {
    const auto failing = state_.actions.failing.find(action.plan.command);
    if (failing != state_.actions.failing.end() && failing->second.count != 0) {
        ActionError error{failing->second.code, failing->second.message};
        if (failing->second.count) --*failing->second.count;
        return error;
    }
    if (!action.plan.effect) return std::nullopt;
    if (auto error = action.plan.effect(changed)) return error;
    try {
        check_rules(changed);  // what it is about may have gone since, or the last place been taken
    } catch (const StateError& error) {
        return ActionError{"action_failed", error.what()};
    }
    return std::nullopt;
}

void World::end(Action& action) {
    State changed = state_;
    action.error = take_effect(action, changed);
    action.status = action.error ? Action::Status::error : Action::Status::success;
    if (!action.error) {
        state_ = std::move(changed);
    } else if (action.plan.on_error) {
        action.plan.on_error(state_, *action.error);
    } else {
        return;
    }
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

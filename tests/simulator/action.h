// An API Action: a change that takes its time.
#pragma once

#include "tests/simulator/state/state.h"
#include "tests/simulator/values.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

struct ActionError {
    std::string code;
    std::string message;
};

struct Resource {
    Id id = 0;
    std::string type;  // "server", "floating_ip", "network"
    bool operator==(const Resource&) const = default;
};

/// An address that an action will use once it has ended, so that no other may have it meanwhile.
struct ReservedIp {
    Id network = 0;
    std::string ip;
    bool operator==(const ReservedIp&) const = default;
};

/// Changes the state when the action ends, unless it is empty; an error ends the action with it and
/// changes nothing.
using Effect = std::function<std::optional<ActionError>(State&)>;

struct ActionPlan {
    std::string command;
    std::vector<Resource> resources;
    std::vector<ReservedIp> reserved = {};
    Effect effect;
    std::string spared = {};       // the type of those of its resources that it does not lock
    std::optional<Id> after = {};  // the action that has to end before this one begins
    // What else is to be seen of a failure than the action's own error.
    std::function<void(State&, const ActionError&)> on_error = {};
    // None: as the state's options say.
    std::optional<std::chrono::milliseconds> duration = {};
};

struct Action {
    enum class Status { running, success, error };

    Id id = 0;
    ActionPlan plan;
    Status status = Status::running;
    Time started;
    Time ends;
    std::optional<ActionError> error;

    bool concerns(const Resource& resource) const;
};

}  // namespace hcloud::sim

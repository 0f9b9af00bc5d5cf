// Waiting for Actions: many at once, each question one request.
#pragma once

#include "actions/cloud/action_schedule.h"
#include "actions/cloud/client.h"
#include "actions/cloud/types.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace hcloud::cloud {

struct WaitOptions {
    std::chrono::milliseconds deadline{60000};  // total
    Priority priority = Priority::essential;
    Pace pace = Pace::quick;
    /// Looks at the resource itself: is it as the action would have made it? Asked once for an
    /// action that failed, that the API does not know (any more), or that did not end in time. It
    /// may throw cloud::Error: then that is the outcome's problem.
    std::function<bool(const Action&)> made = {};
};

/// What became of an action.
struct Outcome {
    enum class Kind { succeeded, failed, gone, not_followed, not_ended };
    Kind kind = Kind::not_ended;
    Action action;        // as last seen
    bool made = false;    // it succeeded, or the resource is as wanted all the same
    std::string problem;  // why it is not known to have succeeded: one line; empty if it has
};

/// Returns when all have ended or cannot be waited for any longer, in the order of `started`. Those
/// that have ended already cost no request. One that two answers in a row do not list is gone.
/// Cancelled, it returns what it knows. Throws nothing of its own.
std::vector<Outcome> wait_for_actions(Client& client, const std::vector<Action>& started,
                                      const WaitOptions& options = {});

}  // namespace hcloud::cloud

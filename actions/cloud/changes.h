// Sends a change and reads the Action that it starts. Internal to this folder.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/types.h"

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

struct Change {
    std::string path;
    nlohmann::json body;
    std::string command;  // of its action
    /// Reads the resource: is it as the change would make it? Asked if the answer was lost.
    std::function<bool(const CallOptions& reading)> made;
};

/// POSTs the change; its answer is {"action": {…}}. If its answer was lost and it was made, the
/// Action has id 0 and has succeeded. `options.settled` replaces `made`. Throws cloud::Error.
Action start(Client& client, const Change& change, const CallOptions& options);

/// The same for {"actions": […]}.
std::vector<Action> start_several(Client& client, const Change& change, const CallOptions& options);

/// How to read, by the way, for a change that is called with these.
inline CallOptions reading_for(const CallOptions& change) {
    return {.priority = change.priority};
}

/// The same error, but of that class.
[[noreturn]] void rethrow_as(const Error& error, ErrorClass error_class);

}  // namespace hcloud::cloud

// One call to the API: what is asked, and how patiently. Free of Poco.
#pragma once

#include "actions/cloud/priority.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

struct Request {
    std::string method = "GET";
    std::string path;  // below the endpoint, with the query: "/servers/42/actions"
    std::optional<nlohmann::json> body = {};
};

struct CallOptions {
    /// Total, for everything: waiting, name resolution, connecting, all attempts.
    std::chrono::milliseconds deadline{30000};
    Priority priority = Priority::essential;
    /// Whether to try again at all what may be tried again.
    bool retry = true;
    /// For a change whose outcome is unknown (its answer was lost): reads the resource, by calls of
    /// the same client, whose deadlines then end with this one. What it returns is the answer of
    /// the call; nothing says that the change has not happened, and it is sent again. Without it
    /// such a call fails with Error::outcome_unknown().
    std::function<std::optional<nlohmann::json>()> settled = {};
};

}  // namespace hcloud::cloud

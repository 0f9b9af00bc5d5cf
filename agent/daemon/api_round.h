// One look at the API: a server, and which floating IPs are assigned to it. Runs on a worker's
// thread.
#pragma once

#include "actions/cloud/client.h"
#include "agent/config/config.h"
#include "agent/planner/knowledge.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace hcloud::agent {

struct ApiRound {
    std::optional<cloud::Server> server;  // if that answer was sound
    FloatingIpsAnswer answer;
    std::optional<cloud::RateLimit>
        rate_limit;  // if there was an answer; after a 429 nothing remains
    bool rate_limited = false;
};

/// The address of a floating IP never changes: `cache` saves the requests for those seen before, so
/// that a round without news is a single request.
ApiRound ask_floating_ips(cloud::Client& client, std::int64_t server,
                          const std::map<std::int64_t, cloud::FloatingIp>& cache,
                          cloud::Priority priority);
/// The server alone.
ApiRound ask_server(cloud::Client& client, std::int64_t server, cloud::Priority priority);

cloud::ClientOptions api_options(const Config& config);

}  // namespace hcloud::agent

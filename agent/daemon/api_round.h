// One look at the API: which floating IPs are assigned to a server. Runs on a worker's thread.
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
    FloatingIpsAnswer answer;
    std::optional<cloud::RateLimit> rate_limit;
    bool rate_limited = false;
};

/// The address of a floating IP never changes: `cache` saves the requests for those seen before, so
/// that a round without news is a single request.
ApiRound ask_floating_ips(cloud::Client& client, std::int64_t server,
                          const std::map<std::int64_t, cloud::FloatingIp>& cache);

cloud::ClientOptions api_options(const Config& config);

}  // namespace hcloud::agent

// One server's agent as far as the API sees it: the real client, the real round of requests, the
// real pacing, in virtual time.
#pragma once

#include "agent/daemon/api_round.h"
#include "agent/planner/pacing.h"
#include "tests/fleet/project.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace hcloud::fleet {

constexpr std::chrono::seconds kWantedInterval{60};

class Agent {
  public:
    /// `seen` gets the floating IPs that a poll found.
    using Seen = std::function<void(std::int64_t server, const std::set<std::int64_t>&)>;

    Agent(Timeline& timeline, Project& project, std::int64_t server, Seen seen);

    /// From now on nothing is remembered, as after a reboot.
    void boot();
    /// The server is gone, or shut down.
    void stop();
    bool running() const { return pacing_.has_value(); }

    milliseconds interval() const { return pacing_->interval(); }

  private:
    void poll();
    void poll_in(milliseconds delay);

    Timeline& timeline_;
    Project& project_;
    VirtualClock clock_;
    std::unique_ptr<cloud::Client> client_;
    std::int64_t server_;
    Seen seen_;
    std::uint32_t boots_ = 0;
    std::optional<agent::Pacing> pacing_;
    std::map<std::int64_t, cloud::FloatingIp> cache_;
};

}  // namespace hcloud::fleet

// Makes changes of this server in the project, one at a time, and waits for what they start.
#pragma once

#include "actions/cloud/client.h"
#include "agent/planner/registration.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hcloud::agent {

/// One change that was tried.
struct CloudStep {
    PlannedCloudChange planned;
    std::string problem;  // empty if it was made, or was so already
    std::string code;     // the API's, if it refused it
    bool repair = false;  // it had been there before, and somebody took it away
};

class CloudActor {
  public:
    /// Uses the client until `end`, a time of the client's clock.
    CloudActor(cloud::Client& client, std::int64_t server, cloud::TimePoint end)
        : client_(client), server_(server), end_(end) {}

    /// Throws nothing of its own.
    CloudStep make(const PlannedCloudChange& planned);

  private:
    void perform(const MergeLabels& change);
    void perform(const MergeAliasIps& change);
    void perform(const ApplyFirewall& change);
    void perform(const RemoveFirewall& change);
    void perform(const AttachToNetwork& change);
    void perform(const AddTarget& change);
    void perform(const RemoveTarget& change);
    void perform(const ChangeDnsPtr& change);

    template <typename Write>
    void read_and_write(Write write);
    void wait_for(const std::vector<cloud::Action>& actions);
    std::chrono::milliseconds left() const;
    cloud::CallOptions options() const;

    cloud::Client& client_;
    std::int64_t server_;
    cloud::TimePoint end_;
};

}  // namespace hcloud::agent

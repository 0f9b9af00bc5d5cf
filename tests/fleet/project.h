// The simulated cloud project of a fleet, and what its rate limit sees.
#pragma once

#include "actions/cloud/client.h"
#include "tests/fleet/timeline.h"
#include "tests/simulator/simulation.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace hcloud::fleet {

struct ProjectSize {
    std::int64_t servers = 1;  // ids 1 to this
    std::int64_t floating_ips = 1;
};

constexpr std::int64_t kFirstFloatingIp = 1'000'001;
constexpr std::int64_t kLimit = 3600;  // requests an hour
constexpr int kReservePercent = 20;
constexpr std::int64_t kReserve = kLimit * kReservePercent / 100;

/// Whose requests these are: agents that may not touch the reserve; those for whom it is; other
/// tools, which know nothing of it.
enum class Traffic { polling, essential, others };

/// What happened to the rate limit.
struct Ledger {
    std::vector<milliseconds> polls;  // when
    std::int64_t essential = 0;
    std::int64_t lowest_after_poll = std::numeric_limits<std::int64_t>::max();
    std::int64_t polls_below_reserve = 0;
    std::int64_t refused_polls = 0;
    std::int64_t refused_essential = 0;
};

class Project {
  public:
    Project(Timeline& timeline, const ProjectSize& size);

    /// The real client; each request is answered at once by the simulator.
    std::unique_ptr<cloud::Client> client(cloud::Clock& clock, Traffic traffic);
    /// A merge patch of the simulator's state: what no request of this project did.
    void patch(const nlohmann::json& patch);

    /// While it is down, nobody can connect.
    void set_down(bool down) { down_ = down; }

    const Ledger& ledger() const { return ledger_; }
    /// Begins a new page.
    void forget() { ledger_ = {}; }

    /// "web17"
    static std::string server_name(std::int64_t id);
    static nlohmann::json server(std::int64_t id);

  private:
    class Transport;
    void note(Traffic traffic, const cloud::Reply& reply);

    Timeline& timeline_;
    sim::Simulation simulation_;
    bool down_ = false;
    Ledger ledger_;
};

}  // namespace hcloud::fleet

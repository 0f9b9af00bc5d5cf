// A fleet of agents on one project, and the life around it: floating IPs that move, servers that
// come and go, reboots.
#pragma once

#include "tests/fleet/agent.h"
#include "tests/fleet/changes.h"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace hcloud::fleet {

class Fleet {
  public:
    explicit Fleet(std::int64_t servers);

    Timeline& timeline() { return timeline_; }
    Project& project() { return project_; }
    const Project& project() const { return project_; }
    const Changes& changes() const { return changes_; }
    std::size_t size() const { return agents_.size(); }

    /// Boots all, evenly over this time; zero: all in the same second.
    void boot_all(milliseconds over);
    /// From now on, until the end: one floating IP after the other is given to some server or to
    /// none, by requests that may use the reserve.
    void move_floating_ips(milliseconds every, milliseconds until);
    /// Each time a hundredth of the servers, at least one of ten, is deleted and replaced by new
    /// ones, which boot one by one until the next time.
    void replace_servers(milliseconds every, milliseconds until);
    /// Each server is down for half a minute, one after the other.
    void reboot_all(milliseconds apart);

    /// All at the same moment.
    void reboot_at_once();
    /// All but so many are shut down.
    void shrink_to(std::size_t size);
    /// Another tool asks so often, whatever it is told.
    void burn(milliseconds every, milliseconds until);

    double mean_interval() const;  // in seconds
    double longest_interval() const;

  private:
    void add(std::int64_t server);
    void move_one();
    std::optional<std::int64_t> any_server();
    void replace(std::size_t count, milliseconds within);
    void remove(std::int64_t server, nlohmann::json& patch);
    std::size_t below(std::size_t limit);

    Timeline timeline_;
    std::int64_t floating_ips_;
    Project project_;
    Changes changes_;
    VirtualClock clock_;
    std::unique_ptr<cloud::Client> essential_;
    std::unique_ptr<cloud::Client> others_;
    std::map<std::int64_t, std::unique_ptr<Agent>> agents_;
    std::vector<std::unique_ptr<Agent>> retired_;  // events may still point to them
    std::int64_t next_server_;
    std::mt19937 random_{1};
};

}  // namespace hcloud::fleet

// A simulated server for end-to-end tests: NICs in the test's own network namespace, the simulator
// as its cloud (metadata at the real address, on lo), and the real agent as a process.
#pragma once

#include "actions/host/types.h"
#include "tests/lab/command.h"
#include "tests/lab/places.h"
#include "tests/lab/process.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::lab {

/// Two private networks (backend 10.0.0.0/16 on eth1 with aliases .3 and .4, storage 10.1.0.0/16 on
/// eth2 with alias 10.1.0.3), floating IPs 203.0.113.77 and 2001:db8:77::/64, server 42.
class Server {
  public:
    static constexpr const char* kPublicMac = "96:00:00:00:00:2a";
    static constexpr const char* kBackendMac = "86:00:00:2a:7d:e0";
    static constexpr const char* kStorageMac = "86:00:00:2a:7d:e1";

    /// `config` is laid over the test defaults (short intervals, short grace), as a JSON merge
    /// patch.
    explicit Server(const nlohmann::json& config = nlohmann::json::object());
    ~Server();

    /// Starts `hcloud-agent run` and waits until it says that it is ready.
    void start_agent(const std::map<std::string, std::string>& environment = {});
    /// The same without waiting; `wrapper` is a command that runs the agent's.
    Process& launch_agent(const std::map<std::string, std::string>& environment = {},
                          std::vector<std::string> wrapper = {});
    Process& agent() { return *agent_; }
    int stop_agent(int signal);  // and waits; the exit code

    /// `hcloud-agent WORDS…` with this server's configuration.
    CommandResult command(const std::string& words) const;
    /// The same until the agent has answered it: a command with little time may be over before a
    /// slow machine has let the agent answer.
    CommandResult answered_command(const std::string& words) const;
    nlohmann::json status() const;
    /// All that the agent has logged since it was last started.
    std::string log() const { return agent_->output(); }
    void write_config(const nlohmann::json& patch);
    std::string config_path() const { return directory_.path() + "/config.yaml"; }
    std::string runtime_dir() const { return directory_.path() + "/run"; }

    /// The simulator's admin endpoint: a merge patch of its state; faults; their removal; its
    /// state.
    void change_cloud(const nlohmann::json& patch) const;
    void fault(const nlohmann::json& fault) const;
    void clear_faults() const;
    nlohmann::json cloud() const;
    std::size_t request_count(const std::string& path) const;

    /// "10.0.0.3/32" of everything on the link but IPv6 link-local addresses.
    static std::set<std::string> addresses(const std::string& link);
    static host::Snapshot observe();
    static const std::set<std::string>& expected(const std::string& link);
    /// Every address and route that the cloud wants here is there.
    static bool complete();
    /// What others configured on every NIC is all there (but for eth1's, which tests may replug).
    static bool foreign_intact();

    /// The cloud goes away, and nobody listens; and comes back as it was at first.
    void stop_simulator() { simulator_.reset(); }
    void start_simulator();

    const TempDir& directory() const { return directory_; }

  private:
    void make_links();
    std::string ask(const std::string& method, const std::string& path,
                    const std::string& body = {}) const;

    TempDir directory_;
    nlohmann::json config_;
    std::unique_ptr<Process> simulator_;
    std::unique_ptr<Process> agent_;
};

}  // namespace hcloud::lab

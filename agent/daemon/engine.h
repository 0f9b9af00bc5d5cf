// The agent's heart beat: wakes on netlink events, news from metadata and API, and timers; runs
// cycles; says in the log what it did. Used by `run` and by `apply`.
//
// Lives on the loop's thread. Repair waits for no HTTP: requests run on the workers of Sources.
#pragma once

#include "actions/host/monitor.h"
#include "agent/daemon/debounce.h"
#include "agent/daemon/log.h"
#include "agent/daemon/reconciler.h"
#include "agent/daemon/sources.h"
#include "agent/daemon/status.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent {

class Engine {
  public:
    /// `after_cycle` is called at the end of each cycle, also of one that failed.
    Engine(sd::Event& event, const Log& log, Config config, host::Network& network,
           host::Ledger& ledger, std::function<void()> after_cycle);

    void start();
    void configure(const Config& config);

    /// All that can be known is known, and the host is as it should be.
    bool converged() const;
    const Sources& sources() const { return sources_; }
    const CycleReport& latest() const { return report_; }
    /// Why the latest cycle could not be run; empty if it could.
    const std::string& host_problem() const { return host_problem_; }
    Status status() const;

    /// See Worker::stop().
    bool stop(std::chrono::milliseconds limit) { return sources_.stop(limit); }

  private:
    void open_monitor();
    bool drain_monitor();
    void wake();
    void on_news();
    Desired wanted() const;
    void cycle();
    void finish_cycle();
    void look_for_new_nics();
    void log_steps();
    void log_contested();
    void log_news();
    void log_problems(const char* source, const std::vector<std::string>& problems,
                      std::vector<std::string>& logged);
    Status::Item status_of(const Item& item) const;

    sd::Event& event_;
    const Log& log_;
    Config config_;
    std::function<void()> after_cycle_;
    Reconciler reconciler_;
    Sources sources_;
    std::unique_ptr<host::Monitor> monitor_;
    sd::Source monitor_io_;
    sd::Source debounce_timer_;
    sd::Source again_timer_;
    Debounce debounce_;

    Desired desired_;  // of the latest cycle
    Clock::time_point latest_cycle_{};
    CycleReport report_;
    std::string host_problem_;
    std::optional<std::set<int>> links_;
    std::set<Key> logged_contested_;
    std::vector<std::string> logged_metadata_;
    std::vector<std::string> logged_api_;
    std::vector<std::string> logged_ledger_;
    std::string logged_token_;
    Identity logged_identity_ = Identity::unknown;
    std::int64_t cycles_ = 0;
    std::int64_t changes_ = 0;
    std::int64_t repairs_ = 0;
};

}  // namespace hcloud::agent

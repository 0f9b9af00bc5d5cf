// The agent's heart beat: wakes on netlink events, news from metadata and API, and timers; runs
// cycles; says in the log what it did. Used by `run` and by `apply`.
//
// Lives on the loop's thread. Repair waits for no HTTP: requests run on the workers of Sources.
#pragma once

#include "actions/host/monitor.h"
#include "agent/daemon/debounce.h"
#include "agent/daemon/guard_watch.h"
#include "agent/daemon/log.h"
#include "agent/daemon/reconciler.h"
#include "agent/daemon/registration.h"
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
    Engine(sd::Event& event, Log& log, Config config, host::Network& network, host::Ledger& ledger,
           RegistrationStore& store, std::function<void()> after_cycle);

    void start(Start how);
    void configure(const Config& config);

    /// All that can be known is known, and the host is as it should be.
    bool converged() const;
    const Sources& sources() const { return sources_; }
    const CycleReport& latest() const { return report_; }
    /// Why the latest cycle could not be run; empty if it could.
    const std::string& host_problem() const { return host_problem_; }
    Registration& registration() { return registration_; }
    const Registration& registration() const { return registration_; }
    Status status() const;

    /// See Worker::stop().
    bool stop(std::chrono::milliseconds limit) {
        const bool registration = registration_.stop(limit);
        return sources_.stop(limit) && registration;
    }

  private:
    void open_monitor();
    bool drain_monitor();
    void wake();
    void on_news();
    void set_up_registration();
    void see_to_host();
    void see_to_registration();
    void on_registration();
    Desired wanted() const;
    void cycle();
    void finish_cycle();
    void look_for_new_nics();
    void log_steps();
    void log_contested();
    void log_news();
    void log_identity();
    void log_registration_steps();
    void log_registration();
    std::vector<std::string> guard_problems() const;
    Status::Item status_of(const Item& item) const;
    void add_registration(Status& status) const;
    std::vector<std::string> host_problems() const;

    sd::Event& event_;
    Log& log_;
    Config config_;
    std::function<void()> after_cycle_;
    Reconciler reconciler_;
    Sources sources_;
    Registration registration_;
    std::int64_t registered_round_ = 0;  // of questions to the API
    std::unique_ptr<host::Monitor> monitor_;
    sd::Source monitor_io_;
    GuardWatch guard_watch_;
    sd::Source debounce_timer_;
    sd::Source again_timer_;
    Debounce debounce_;

    Desired desired_;  // of the latest cycle
    Clock::time_point latest_cycle_{};
    CycleReport report_;
    std::string host_problem_;
    std::optional<std::set<int>> links_;
    std::set<Key> logged_contested_;
    std::set<Key> logged_cloud_contested_;
    std::vector<std::string> logged_registration_;
    std::vector<std::string> logged_metadata_;
    std::vector<std::string> logged_api_;
    std::vector<std::string> logged_ledger_;
    std::vector<std::string> logged_guard_;
    std::string logged_token_;
    Identity logged_identity_ = Identity::unknown;
    std::int64_t cycles_ = 0;
    std::int64_t changes_ = 0;
    std::int64_t repairs_ = 0;
    std::int64_t failures_ = 0;
    const std::chrono::system_clock::time_point started_at_ = std::chrono::system_clock::now();
};

}  // namespace hcloud::agent

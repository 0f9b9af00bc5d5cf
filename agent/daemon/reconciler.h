// One cycle: observe → plan → apply → observe again. The only caller of Network::apply().
#pragma once

#include "actions/host/ledger.h"
#include "actions/host/network.h"
#include "agent/planner/damping.h"
#include "agent/planner/planner.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent {

/// One change that was tried.
struct Step {
    PlannedChange change;
    host::Outcome outcome;
    std::string link;     // its name
    bool repair = false;  // it had been there before, and somebody took it away
    std::string text() const { return describe(change.change, link); }
};

struct CycleReport {
    Plan plan;                // after the cycle: no changes left means converged
    std::vector<Step> steps;  // in order
    std::set<Key> contested;
    /// When to come back without being woken: a grace or a pause ends, or something is left to do.
    std::optional<Clock::time_point> again;
    std::string ledger_problem;
    bool converged() const { return plan.changes.empty() && plan.waiting_for_dhcp.empty(); }
};

class Reconciler {
  public:
    /// Loads the ledger at the first cycle. Both references outlive the object. `before_observe`
    /// may empty a monitor's socket: whatever it told of until then, our own changes above all, the
    /// dump shows.
    Reconciler(host::Network& network, host::Ledger& ledger,
               std::function<void()> before_observe = {});

    /// Throws host::Error if the kernel cannot be asked; nothing is concluded then.
    CycleReport cycle(const Desired& desired, std::chrono::milliseconds dhcp_grace,
                      Clock::time_point now);

    /// What a cycle would do once DHCP has had its time; changes nothing.
    Plan preview(const Desired& desired);

    const host::Snapshot& observed() const { return observed_; }
    /// Why the ledger could not be read or written; empty if it could.
    const std::string& ledger_problem() const { return ledger_problem_; }

  private:
    void observe(const Desired& desired);
    void load_ledger();
    bool save_ledger(const std::vector<host::LedgerEntry>& entries);
    Plan plan(const Desired& desired, std::chrono::milliseconds grace, Clock::time_point now);
    Plan plan_with_losses(const Desired& desired, std::chrono::milliseconds grace,
                          Clock::time_point now);
    void apply(Plan plan, Clock::time_point now, std::vector<Step>& steps);
    std::set<int> apply_batch(std::vector<PlannedChange> planned, Clock::time_point now,
                              std::vector<Step>& steps);
    void note(const Step& step, Clock::time_point now);
    void track_dhcp(const Desired& desired, const Plan& plan, Clock::time_point now);
    CycleReport report(Plan plan, std::vector<Step> steps, std::chrono::milliseconds grace,
                       Clock::time_point now) const;

    host::Network& network_;
    host::Ledger& ledger_;
    std::function<void()> before_observe_;
    bool ledger_loaded_ = false;
    std::string ledger_problem_;
    std::vector<host::LedgerEntry> entries_;
    host::Snapshot observed_;
    Damping damping_;
    std::set<Key> placed_;          // what was there when last looked at, or added since
    std::set<Key> without_effect_;  // "already" or "gone", but not yet seen to be so
    std::set<Key> lost_;            // what was taken away and is not back yet
    std::map<std::string, std::pair<int, Clock::time_point>> dhcp_since_;  // by MAC; link index
};

}  // namespace hcloud::agent

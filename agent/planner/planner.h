// The pure heart: (desired, observed, what is ours) → an ordered list of changes, each with its
// reason.
//
// No I/O, no clock, no logging; the same input gives the same plan. Nothing is deleted that is not
// ours, and nothing of ours while what is wanted in its place is not completely known (DESIGN,
// rules 1 and 2).
#pragma once

#include "actions/host/ledger_entry.h"
#include "actions/host/types.h"
#include "agent/planner/desired.h"
#include "agent/planner/plan.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent {

struct PlannerInput {
    Desired desired;
    host::Snapshot observed;
    std::vector<host::LedgerEntry> ledger;
    /// NICs (by MAC) on which DHCP has had its time.
    std::set<std::string> grace_over;
    /// What must not be tried now.
    std::set<Key> held;
};

/// Whether Snapshot::guard has to be looked at: a guard is wanted, or the ledger lists one.
bool concerns_guard(const Desired& desired, const std::vector<host::LedgerEntry>& ledger);

Plan make_plan(const PlannerInput& input);

/// The NIC on which floating IPs belong; nullptr if there is none. It points into `input`.
const host::Link* public_nic(const PlannerInput& input);

}  // namespace hcloud::agent

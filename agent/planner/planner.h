// The pure heart: (desired, observed, what is ours) → an ordered list of changes, each with its reason.
//
// No I/O, no clock, no logging; the same input gives the same plan. Nothing is deleted that is not ours,
// and nothing of ours while what is wanted in its place is not completely known (DESIGN, rules 1 and 2).
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "actions/host/ledger_entry.h"
#include "actions/host/types.h"
#include "agent/planner/desired.h"
#include "agent/planner/plan.h"

namespace hcloud::agent {

struct PlannerInput {
    Desired desired;
    host::Snapshot observed;
    std::vector<host::LedgerEntry> ledger;
    /// NICs (by MAC) on which DHCP has had its time.
    std::set<std::string> grace_over;
    /// Things (see key()) that must not be tried now.
    std::set<std::string> held;
};

Plan make_plan(const PlannerInput& input);

/// The name under which losses and failures of a change are counted: the same for the same address or
/// route on the same link, whatever its other attributes.
std::string key(const host::Change& change);

}  // namespace hcloud::agent

#include "actions/host/rtnetlink.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/cli/plan_output.h"
#include "agent/daemon/reconciler.h"
#include "agent/daemon/sources.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

int command_plan(const Invocation& invocation) {
    const auto config = effective_config(invocation);
    sd::Event event;
    // One round of each source is enough: `plan` looks once.
    Sources sources(event, config, [&] {
        if (sources.settled()) event.quit();
    });
    sources.start();
    event.run();

    auto network = open_network();
    host::FileLedger ledger(ledger_path(invocation));
    Reconciler reconciler(*network, ledger);
    const auto plan = reconciler.preview(sources.knowledge().desired(config));
    if (invocation.output == Output::json) {
        fmt::print("{}\n", plan_json(plan, reconciler.observed()).dump(2));
    } else {
        fmt::print("{}", plan_text(plan, reconciler.observed()));
    }
    const int problem = report_problems(sources);
    if (!reconciler.ledger_problem().empty()) {
        fmt::print(stderr, "hcloud-agent: {}\n", reconciler.ledger_problem());
    }
    if (!plan.frozen.empty()) return kExitNotPermitted;
    if (problem != kExitDone) return problem;
    return plan.changes.empty() ? kExitDone : kExitPlanHasChanges;
}

}  // namespace hcloud::agent

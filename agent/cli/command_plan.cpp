#include "actions/host/rtnetlink.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/cli/plan_output.h"
#include "agent/daemon/reconciler.h"
#include "agent/daemon/registration.h"
#include "agent/daemon/sources.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

/// What would be registered; on this thread, since nothing else is left to do.
RegistrationReport look_at_registration(const Config& config, const Sources& sources,
                                        RegistrationStore& store) {
    RegistrationReport report;
    const auto hindrance =
        registration_hindrance(config, sources.knowledge(), sources.token_problem());
    report.refused = !hindrance.why.empty();
    if (report.refused && !hindrance.said) report.problems = {hindrance.why};
    if (report.refused || !sources.server()) return report;
    return Registrar(store).preview(*sources.new_client(), config.registration, *sources.server());
}

int print_problems(const std::vector<std::string>& problems) {
    for (const auto& problem : problems)
        fmt::print(stderr, "hcloud-agent: {}\n", problem);
    return problems.empty() ? kExitDone : kExitFailed;
}

}  // namespace

int command_plan(const Invocation& invocation) {
    const auto config = effective_config(invocation);
    sd::Event event;
    // One round of each source is enough: `plan` looks once.
    Sources sources(event, config, [&] {
        if (sources.settled()) event.quit();
    });
    auto store = registration_files(invocation);
    const bool concerned = is_concerned(config.registration, store);
    sources.set_registers(concerned);
    sources.start(Start::at_once);
    event.run();
    RegistrationReport registration;
    if (concerned) registration = look_at_registration(config, sources, store);

    auto network = open_network();
    host::FileLedger ledger(ledger_path(invocation));
    Reconciler reconciler(*network, ledger);
    const auto plan = reconciler.preview(sources.knowledge().desired(config));
    if (invocation.output == Output::json) {
        fmt::print("{}\n", plan_json(plan, reconciler.observed(), registration.plan).dump(2));
    } else if (sources.knowledge().root() || !plan.changes.empty() || !plan.frozen.empty()) {
        // Else nothing is known, which is not the same as nothing to do.
        fmt::print("{}", plan_text(plan, reconciler.observed(), registration.plan));
    }
    const int problem = report_problems(sources);
    if (!reconciler.ledger_problem().empty()) {
        fmt::print(stderr, "hcloud-agent: {}\n", reconciler.ledger_problem());
    }
    if (!plan.frozen.empty()) return kExitNotPermitted;
    if (problem != kExitDone) return problem;
    const int missing = print_problems(registration.problems);
    if (missing != kExitDone && registration.refused) return kExitNotPermitted;
    const bool changes = !plan.changes.empty() || !registration.plan.changes.empty();
    return changes ? kExitPlanHasChanges : missing;
}

}  // namespace hcloud::agent

#include "actions/host/ledger.h"
#include "agent/cli/commands.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/daemon/engine.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include <fmt/format.h>

#include <signal.h>
#include <unistd.h>

namespace hcloud::agent {

namespace {

bool failed(const Step& step) {
    return step.outcome.kind == host::Outcome::Kind::failed;
}

// Done once every source has been asked and the host was brought as far as it goes.
bool finished(const Engine& engine) {
    if (!engine.sources().settled() || !engine.registration().settled()) return false;
    return !engine.host_problem().empty() || !engine.latest().plan.frozen.empty() ||
           engine.latest().plan.waiting_for_dhcp.empty();
}

int result(const Engine& engine, const std::vector<Step>& failures) {
    const int problem = report_problems(engine.sources());
    if (!engine.host_problem().empty()) return kExitFailed;
    if (problem == kExitNotPermitted) return problem;
    if (!failures.empty()) {
        const bool refused = std::all_of(failures.begin(), failures.end(), [](const Step& step) {
            return step.outcome.code == EPERM || step.outcome.code == EACCES;
        });
        return refused ? kExitNotPermitted : kExitFailed;
    }
    if (problem != kExitDone) return problem;
    if (engine.registration().latest().refused) return kExitNotPermitted;
    if (!engine.registration().problems().empty()) return kExitFailed;
    return engine.latest().plan.changes.empty() ? kExitDone : kExitFailed;
}

}  // namespace

int command_apply(const Invocation& invocation) {
    const auto config = effective_config(invocation);
    const RuntimeLock lock(invocation);
    Log log(false);
    sd::Event event;
    auto network = open_network();
    host::FileLedger ledger(ledger_path(invocation));
    auto registration = registration_files(invocation);
    std::vector<Step> failures;
    bool interrupted = false;
    event.on_error([&](const std::exception& error) {
        log.error(message::kUnexpected, error.what());
        interrupted = true;
        event.quit();
    });
    const auto stop = [&] {
        interrupted = true;
        event.quit();
    };
    [[maybe_unused]] const auto on_term = event.on_signal(SIGTERM, stop);
    [[maybe_unused]] const auto on_int = event.on_signal(SIGINT, stop);
    Engine engine(event, log, config, *network, ledger, registration, [&] {
        const auto& steps = engine.latest().steps;
        std::copy_if(steps.begin(), steps.end(), std::back_inserter(failures), failed);
        if (finished(engine)) event.quit();
    });
    engine.start(Start::at_once);
    event.run();
    const int code = interrupted ? kExitFailed : result(engine, failures);
    // Whether or not a request still hangs: all that is left is memory, and the kernel takes that
    // back faster than destructors hand it over in pieces.
    constexpr std::chrono::milliseconds kLimit{300};
    (void)engine.stop(kLimit);
    _exit(code);
}

}  // namespace hcloud::agent

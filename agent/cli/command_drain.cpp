// Leaves this server's load balancers, for a shutdown or until it is told to join again.
#include "actions/cloud/servers.h"
#include "agent/cli/commands.h"
#include "agent/cli/drain_by_agent.h"
#include "agent/cli/exit_code.h"
#include "agent/cli/files.h"
#include "agent/cli/project.h"
#include "agent/registration/drain.h"
#include "agent/registration/registrar.h"
#include "systemd/manager.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::agent {

namespace {

using Names = std::set<std::string>;

Names all_names(const Config& config) {
    Names names;
    for (const auto& balancer : config.registration.load_balancers)
        names.insert(balancer.name);
    return names;
}

/// Those asked for, all of them if none was; nothing, and why on stderr, if one is unknown.
std::optional<Names> chosen(const Config& config, const std::vector<std::string>& asked) {
    const auto known = all_names(config);
    for (const auto& name : asked) {
        if (known.contains(name)) continue;
        fmt::print(stderr, "hcloud-agent: register.load_balancers has no \"{}\"{}\n", name,
                   known.empty() ? "" : fmt::format("; it has {}", fmt::join(known, ", ")));
        return std::nullopt;
    }
    return asked.empty() ? known : Names(asked.begin(), asked.end());
}

bool system_stops() {
    try {
        return sd::system_state() == "stopping";
    } catch (const std::system_error& error) {
        fmt::print(stderr, "hcloud-agent: {}; nothing is drained\n", error.what());
        return false;
    }
}

void tell(const std::vector<CloudStep>& steps) {
    for (const auto& step : steps) {
        if (step.problem.empty()) {
            fmt::print(stderr, "hcloud-agent: {} ({})\n", describe(step.planned.change),
                       step.planned.reason);
        }
    }
}

int tell(const std::vector<std::string>& problems) {
    for (const auto& problem : problems)
        fmt::print(stderr, "hcloud-agent: {}\n", problem);
    return problems.empty() ? kExitDone : kExitFailed;
}

std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(1));
}

int drain_now(const Invocation& invocation, const Config& config, const Names& names) {
    const auto end = std::chrono::steady_clock::now() + config.registration.drain_timeout;
    auto store = registration_files(invocation);
    std::filesystem::create_directories(invocation.runtime_dir);
    const auto client = project_client(config);
    const auto server = this_server(invocation, config);
    const auto result = drain(*client, store, config.registration, server, names, left_until(end));
    tell(result.steps);
    const int code = tell(result.problems);
    if (result.wait.count() > 0) {
        fmt::print(stderr, "hcloud-agent: connections have {} s to end\n",
                   std::chrono::duration<double>(result.wait).count());
        std::this_thread::sleep_for(result.wait);
    }
    return code;
}

}  // namespace

int command_drain(const Invocation& invocation, const DrainCall& call) {
    if (call.if_stopping && !system_stops()) return kExitDone;
    const auto config = effective_config(invocation);
    const auto names = chosen(config, call.load_balancers);
    if (!names) return kExitUsage;
    if (names->empty()) return kExitDone;
    if (call.if_stopping) return drain_by_agent(invocation, config, *names);
    return drain_now(invocation, config, *names);
}

int command_join(const Invocation& invocation, const std::vector<std::string>& load_balancers) {
    const auto config = effective_config(invocation);
    const auto names = chosen(config, load_balancers);
    if (!names) return kExitUsage;
    const auto client = project_client(config);
    const auto server = this_server(invocation, config);
    auto store = registration_files(invocation);
    auto drained = store.drained();
    std::erase_if(drained, [&](const auto& name) { return names->contains(name); });
    store.set_drained(drained);
    constexpr std::chrono::minutes kLimit{2};
    Registrar registrar(store);
    const auto report =
        registrar.run(*client, config.registration, cloud::get_server(*client, server), kLimit);
    tell(report.steps);
    const int code = tell(report.problems);
    return report.refused ? kExitNotPermitted : code;
}

}  // namespace hcloud::agent

// The commands: each returns the process's exit code, writes data to stdout and everything else to
// stderr, and throws only what main() turns into a message (ConfigError and std::exception).
#pragma once

#include "agent/cli/invocation.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::agent {

int command_run(const Invocation& invocation);
int command_plan(const Invocation& invocation);
int command_apply(const Invocation& invocation);
int command_status(const Invocation& invocation, bool watch);

enum class WaitGoal {
    configured,  // status "converged": every source was asked, and nothing is left to do
    online,      // identity known, and every address and route in place; the API is not waited for
    registered,  // as the register section wants it, and load balancers know this server's health
};
/// Asks the running agent until the goal is reached, also one that has yet to start; kExitTryAgain
/// and what is missing, on stderr, when `timeout` is over.
int command_wait(const Invocation& invocation, WaitGoal goal, std::chrono::milliseconds timeout);

/// `key` is empty for everything; `format` is one of text, json, yaml, env.
int command_metadata(const Invocation& invocation, const std::string& key,
                     const std::string& format);
/// What `api` is to do.
struct ApiCall {
    std::string method;
    std::string path;
    std::optional<std::string> data;  // see api_body.h
    bool paginate = false;
    bool wait = false;
    std::chrono::milliseconds timeout{60000};  // for all of it
};
int command_api(const Invocation& invocation, const ApiCall& call);
struct DrainCall {
    std::vector<std::string> load_balancers;  // as the configuration calls them; empty: all
    bool if_stopping = false;                 // only if the system is about to stop
};
/// Leaves them, and returns when connections had their time to end.
int command_drain(const Invocation& invocation, const DrainCall& call);
int command_join(const Invocation& invocation, const std::vector<std::string>& load_balancers);
int command_load_balancer_list(const Invocation& invocation);
int command_doctor(const Invocation& invocation);
int command_config_check(const Invocation& invocation);
int command_config_show(const Invocation& invocation);
int command_config_schema();

}  // namespace hcloud::agent

// The commands: each returns the process's exit code, writes data to stdout and everything else to
// stderr, and throws only what main() turns into a message (ConfigError and std::exception).
#pragma once

#include "agent/cli/invocation.h"

#include <string>

namespace hcloud::agent {

int command_run(const Invocation& invocation);
int command_plan(const Invocation& invocation);
int command_apply(const Invocation& invocation);
int command_status(const Invocation& invocation, bool watch);
/// `key` is empty for everything; `format` is one of text, json, yaml, env.
int command_metadata(const Invocation& invocation, const std::string& key,
                     const std::string& format);
int command_config_check(const Invocation& invocation);
int command_config_show(const Invocation& invocation);
int command_config_schema();

}  // namespace hcloud::agent

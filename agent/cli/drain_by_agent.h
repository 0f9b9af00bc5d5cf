// A drain that the running agent carries out: for the unit that stops at a shutdown.
#pragma once

#include "agent/cli/invocation.h"
#include "agent/config/config.h"

#include <set>
#include <string>

namespace hcloud::agent {

/// The agent has the token. systemd keeps credentials from what it runs to stop a unit (systemd
/// pull request 27279), and a second holder of the token is one too many anyway. Tells on stderr
/// what is left undone after register.drain_timeout; an exit code.
int drain_by_agent(const Invocation& invocation, const Config& config,
                   const std::set<std::string>& load_balancers);

}  // namespace hcloud::agent

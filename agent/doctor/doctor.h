// Looks at everything that a user with a problem would be asked about, and changes nothing.
//
// Facts are read here; what they mean is judged by the pure functions of the other headers. One
// thread; a service that is silent costs its deadline (metadata 5 s, the API 15 s a request).
#pragma once

#include "actions/host/network.h"
#include "agent/config/config.h"
#include "agent/config/error.h"
#include "agent/doctor/finding.h"

#include <filesystem>
#include <functional>
#include <string>

namespace hcloud::agent::doctor {

struct Options {
    std::function<Config()> config;  // may throw ConfigError: a finding
    std::filesystem::path runtime_dir = "/run/hcloud-agent";
    std::filesystem::path root = "/";  // what all other paths are below; tests plant set-ups there
    std::string systemctl = "systemctl";
};

/// In the order of the checks: configuration, service, identity, metadata, token and API, NICs and
/// addresses, other managers. Throws host::Error if the kernel cannot be asked.
Findings examine(const Options& options, host::Network& network);

}  // namespace hcloud::agent::doctor

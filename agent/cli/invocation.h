// What the command line asks for.
#pragma once

#include "agent/config/config.h"

#include <filesystem>
#include <string>

namespace hcloud::agent {

enum class Output { text, json };

struct Invocation {
    std::filesystem::path config_file = "/etc/hcloud-agent/config.yaml";
    bool config_given = false;  // asked for by name: it has to exist
    std::filesystem::path runtime_dir = "/run/hcloud-agent";
    /// What has to outlive a reboot. Empty: the default, see state_dir_of().
    std::filesystem::path state_dir;
    Output output = Output::text;
};

/// $STATE_DIRECTORY, as systemd sets it, or /var/lib/hcloud-agent; beside a runtime directory that
/// was asked for by name, that one.
std::filesystem::path state_dir_of(const Invocation& invocation);

/// The config file with $HCLOUD_ENDPOINT and $HCLOUD_METADATA_ENDPOINT over it. Throws ConfigError.
Config effective_config(const Invocation& invocation);

}  // namespace hcloud::agent

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
    Output output = Output::text;
};

/// The config file with $HCLOUD_ENDPOINT and $HCLOUD_METADATA_ENDPOINT over it. Throws ConfigError.
Config effective_config(const Invocation& invocation);

}  // namespace hcloud::agent

// From a YAML document to a checked Config, collecting every problem on the way.
#pragma once

#include "agent/config/config.h"

#include <string>

#include <yaml-cpp/node/node.h>

namespace hcloud::agent::config {

/// Throws ConfigError. Looks as deep as the table of keys goes, never deeper, so that aliases
/// cannot make it walk in circles; lists of mappings have a limit, so that they cannot make it walk
/// for long.
Config read_config(const YAML::Node& document, const std::string& name);

}  // namespace hcloud::agent::config

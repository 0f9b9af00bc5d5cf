// From a YAML document to a checked Config, collecting every problem on the way.
#pragma once

#include "agent/config/config.h"

#include <string>

#include <yaml-cpp/node/node.h>

namespace hcloud::agent::config {

/// Throws ConfigError. Looks at two levels and at the items of lists, never deeper, so that aliases
/// cannot make it walk in circles or for long.
Config read_config(const YAML::Node& document, const std::string& name);

}  // namespace hcloud::agent::config

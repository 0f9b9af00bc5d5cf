// The values of keys: from YAML into their places in Config.
#pragma once

#include "agent/config/config.h"
#include "agent/config/keys.h"
#include "agent/config/problems.h"

#include <string>
#include <vector>

#include <yaml-cpp/node/node.h>

namespace hcloud::agent::config {

/// Of the mapping at `path`. A value that is refused becomes a problem and is not set.
void read_values(const YAML::Node& map, const std::string& path, const std::vector<Key>& keys,
                 Config& config, Problems& problems);

}  // namespace hcloud::agent::config

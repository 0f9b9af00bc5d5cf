// The effective configuration as YAML.
#pragma once

#include "agent/config/config.h"

#include <string>

namespace hcloud::agent {

/// Every key, in the order of the table; ends in a newline. parse_config() of it gives the same
/// Config. Holds no secrets: the token is named by its file.
std::string show_config(const Config& config);

}  // namespace hcloud::agent

// The configuration file that packages install.
#pragma once

#include <string>

namespace hcloud::agent {

/// YAML in which every key is explained and commented out ("#key: value"), with its default as
/// value, or with an example if that tells nothing. Means the same as an empty file.
std::string sample_config();

}  // namespace hcloud::agent

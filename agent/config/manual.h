// The manual page hcloud-agent.yaml(5).
#pragma once

#include <string>

namespace hcloud::agent {

/// In mdoc(7): what the file is, every key of the table, examples.
std::string config_manual();

}  // namespace hcloud::agent

// What the service manager says, over sd-bus.
#pragma once

#include <string>

namespace hcloud::sd {

/// As `systemctl is-system-running` prints it: "running", "degraded", "stopping", …. Throws
/// std::system_error if there is no manager to ask.
std::string system_state();

}  // namespace hcloud::sd

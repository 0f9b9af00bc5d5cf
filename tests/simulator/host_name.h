// Names of hosts.
#pragma once

#include <string>

namespace hcloud::sim {

/// Labels of letters, digits, "-" and "_", up to 63 each and 253 in all; a dot at the end is fine.
bool is_host_name(const std::string& text);

}  // namespace hcloud::sim

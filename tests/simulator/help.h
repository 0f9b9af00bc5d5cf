// The long text of --help.
#pragma once

#include <string>

namespace hcloud::sim {

std::string help_text();

}  // namespace hcloud::sim

// The section `register` of the table of keys.
#pragma once

#include "agent/config/keys.h"

namespace hcloud::agent::config {

Section register_section();

}  // namespace hcloud::agent::config

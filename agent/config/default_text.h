// A key's default, as the sample file and the manual page write it.
#pragma once

#include "agent/config/keys.h"

#include <string>

namespace hcloud::agent::config {

/// As it would stand in the file; empty for what is not set. `defaults` has a record if the key is
/// one of a record's.
std::string default_text(const Type& type, const Config& defaults = {});

}  // namespace hcloud::agent::config

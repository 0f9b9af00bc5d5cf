// The environment as this program reads it: what is empty counts as not set.
#pragma once

#include <cstdlib>

namespace hcloud::agent {

/// nullptr if it is not set.
inline const char* environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace hcloud::agent

// Users of this machine, by name or number.
#pragma once

#include "agent/config/config.h"
#include "agent/config/values.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hcloud::agent::config {

/// "www-data" or "33". Names are looked up in /etc/passwd alone: what a directory service says may
/// take its time, and may be something else at boot than when the configuration was checked.
Parsed<User> parse_user(const std::string& text);

/// The uid that /etc/passwd has for the name; nothing if it has none. Throws std::system_error if
/// the file cannot be read.
std::optional<std::uint32_t> local_uid(const std::string& name);

}  // namespace hcloud::agent::config

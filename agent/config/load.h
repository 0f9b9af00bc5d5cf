// From a YAML file, or its text, to a checked Config. Pure but for reading the file and, for
// users, /etc/passwd; no global state.
#pragma once

#include "agent/config/config.h"
#include "agent/config/error.h"

#include <filesystem>
#include <string>

namespace hcloud::agent {

enum class IfMissing {
    fail,
    defaults,  // for the path that nobody asked for by name
};

/// Reads a regular file of at most 1 MiB. Throws ConfigError with all problems. `defaults` concerns
/// a file that is not there, and nothing else: one that cannot be read, or a dangling link, is an
/// error all the same.
Config load_config(const std::filesystem::path& path, IfMissing if_missing = IfMissing::fail);

/// `name` stands for the file in error texts. Keys that are not in the text keep their defaults.
Config parse_config(const std::string& text, const std::string& name);

}  // namespace hcloud::agent

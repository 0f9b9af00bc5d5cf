// Reading a small file that an administrator wrote.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace hcloud::agent::config {

inline constexpr std::size_t kMaxFileSize = std::size_t{1024} * 1024;

/// The text of a regular file of at most kMaxFileSize bytes; std::nullopt if nothing of that name
/// is there. Throws ConfigError for anything else, a dangling symbolic link included.
std::optional<std::string> read_file(const std::filesystem::path& path);

}  // namespace hcloud::agent::config

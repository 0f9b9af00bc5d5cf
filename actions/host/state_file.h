// Small files of the agent's own: read whole, replaced whole.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hcloud::host {

inline constexpr std::size_t kMaxStateFile = std::size_t{16} * 1024 * 1024;

class StateFileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The whole file; nothing if there is none. Throws StateFileError, naming it and why.
std::optional<std::string> read_state_file(const std::string& path);

enum class Durable {
    no,   // in /run: need not outlive the kernel
    yes,  // on disk before this returns
};

/// By rename: whoever reads it sees the old text or the new one. Writes nothing if it holds the
/// text already. Throws StateFileError.
void replace_state_file(const std::string& path, std::string_view text, Durable durable);

/// Root's commands and the daemon share a folder: what root makes there becomes its owner's. Throws
/// StateFileError.
void give_to_owner_of_folder(int fd, const std::string& path);

}  // namespace hcloud::host

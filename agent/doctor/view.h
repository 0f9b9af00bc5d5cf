// The files of the machine, as far as they are for us to see.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hcloud::agent::doctor {

/// Reads below a root directory, and remembers what it was refused.
class View {
  public:
    explicit View(std::filesystem::path root) : root_(std::move(root)) {}

    /// "/etc/hosts" below the root.
    std::filesystem::path real(const std::filesystem::path& path) const;

    /// At most 1 MiB; nothing if it is not there, is no regular file or is not for us.
    std::optional<std::string> read(const std::filesystem::path& path);
    /// The same without white space at its ends.
    std::optional<std::string> read_word(const std::filesystem::path& path);
    std::optional<std::int64_t> read_number(const std::filesystem::path& path);
    bool exists(const std::filesystem::path& path);

    struct File {
        std::filesystem::path path;  // as the caller names it, without the root
        mode_t mode = 0;             // permissions alone
    };
    std::optional<File> stat(const std::filesystem::path& path);
    /// The regular files in a directory whose names end so, sorted; those in its subdirectories too
    /// if `deep`.
    std::vector<std::filesystem::path> files(const std::filesystem::path& directory,
                                             const std::string& ending, bool deep = false);

    void refused(const std::string& what) { refused_.insert(what); }
    const std::set<std::string>& refused() const { return refused_; }

  private:
    void note(const std::filesystem::path& path, int error);

    std::filesystem::path root_;
    std::set<std::string> refused_;
};

}  // namespace hcloud::agent::doctor

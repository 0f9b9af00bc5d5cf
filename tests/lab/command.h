// Shell commands and waiting, for tests on the real kernel.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace hcloud::lab {

struct CommandResult {
    int exit_code = -1;
    std::string output;  // stdout and stderr together
};

/// Runs `command` with sh -c and waits for it.
CommandResult try_run(const std::string& command);

/// The same; throws std::runtime_error with command and output unless it exits with 0.
std::string run(const std::string& command);

/// Polls `condition` every few milliseconds until it holds; false after `limit`. The limit is
/// generous: it is there to end a failing test, not to time a passing one.
bool wait_until(const std::function<bool()>& condition,
                std::chrono::milliseconds limit = std::chrono::seconds(20));

/// Adds a pair of veth links; `name` gets `mac` and both ends are brought up unless `up` is false.
void add_veth(const std::string& name, const std::string& peer, const std::string& mac,
              bool up = true);

/// A directory that is removed with the object.
class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    const std::string& path() const { return path_; }
    /// Writes a file below the directory and returns its path.
    std::string write(const std::string& name, const std::string& text) const;

  private:
    std::string path_;
};

std::string read_file(const std::string& path);

}  // namespace hcloud::lab

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

/// How long a test waits for what has to come. It ends a test that fails and times none that
/// passes, so it is long against the slowest machine, and shorter than the time after which CTest
/// ends a program that hangs: the test still says what it was waiting for.
inline constexpr std::chrono::minutes kPatience{5};

/// Polls `condition` every few milliseconds until it holds; false after kPatience.
bool wait_until(const std::function<bool()>& condition);

/// For what a time-out has to end: on a slow machine it may come before there is anything to end.
/// Calls `attempt` with `first` as the limit, then with twice as much and so on, until it returns
/// true; false when the limit is longer than kPatience.
bool with_time_enough(std::chrono::milliseconds first,
                      const std::function<bool(std::chrono::milliseconds limit)>& attempt);

/// One of the kernel's counters in this network namespace, by its name in nstat(8).
long kernel_counter(const std::string& name);

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

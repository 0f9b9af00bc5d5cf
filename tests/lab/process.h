// A child process that ends with its owner.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hcloud::lab {

class Process {
  public:
    struct Options {
        std::map<std::string, std::string> environment;  // added to ours
        std::string output_file;  // stdout and stderr; a temporary file unless given
    };

    /// argv[0] is looked up in PATH. The child gets SIGKILL when the test dies.
    explicit Process(std::vector<std::string> argv);
    Process(std::vector<std::string> argv, Options options);
    ~Process();  // SIGKILL and wait, if it still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const;
    /// The exit code (128 + signal if it was killed), or nothing after kPatience.
    std::optional<int> wait();
    bool running();
    /// What it has printed so far.
    std::string output() const;

  private:
    pid_t pid_ = -1;
    std::optional<int> exit_code_;
    std::string output_file_;
    bool own_output_file_ = false;
};

}  // namespace hcloud::lab

#include "agent/doctor/program.h"

#include <array>
#include <chrono>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hcloud::agent::doctor {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLimit{5};
constexpr std::size_t kMaxOutput = std::size_t{4} * 1024 * 1024;

class Actions {
  public:
    Actions() { posix_spawn_file_actions_init(&actions_); }
    ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    posix_spawn_file_actions_t* get() { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

pid_t spawn(const std::vector<std::string>& argv, int output) {
    std::vector<char*> words;
    words.reserve(argv.size() + 1);
    for (const auto& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const char* path = std::getenv("PATH");
    std::string path_entry = std::string("PATH=") + (path != nullptr ? path : "/usr/bin:/usr/sbin");
    std::string language = "LC_ALL=C";
    std::array<char*, 3> environment = {path_entry.data(), language.data(), nullptr};
    Actions actions;
    posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(actions.get(), output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const int error =
        posix_spawnp(&pid, words[0], actions.get(), nullptr, words.data(), environment.data());
    return error == 0 ? pid : -1;
}

/// False if it did not end in time.
bool read_until_end(int fd, std::string& text) {
    const auto end = Clock::now() + kLimit;
    std::array<char, 4096> buffer{};
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
        pollfd waiting{fd, POLLIN, 0};
        if (left.count() <= 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
            return false;
        }
        const auto size = read(fd, buffer.data(), buffer.size());
        if (size <= 0) return size == 0;
        if (text.size() < kMaxOutput) text.append(buffer.data(), static_cast<std::size_t>(size));
    }
}

}  // namespace

Output run_program(const std::vector<std::string>& argv) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    const pid_t pid = spawn(argv, ends[1]);
    close(ends[1]);
    Output output;
    const bool ended = pid > 0 && read_until_end(ends[0], output.text);
    close(ends[0]);
    if (pid <= 0) return {};
    if (!ended) kill(pid, SIGKILL);
    int status = 0;
    if (waitpid(pid, &status, 0) == pid && ended && WIFEXITED(status)) {
        output.exit_code = WEXITSTATUS(status);
    }
    return output;
}

}  // namespace hcloud::agent::doctor

#include "tests/lab/process.h"

#include "tests/lab/command.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hcloud::lab {

namespace {

std::string temporary_file() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hcloud-out-XXXXXX").string();
    const int fd = mkstemp(pattern.data());
    if (fd < 0) throw std::runtime_error("mkstemp failed: " + pattern);
    close(fd);
    return pattern;
}

[[noreturn]] void become(const std::vector<std::string>& argv, const Process::Options& options,
                         const std::string& output) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int fd = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    for (const auto& [name, value] : options.environment)
        setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> words;
    for (const auto& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    std::perror(words[0]);
    _exit(127);
}

}  // namespace

Process::Process(std::vector<std::string> argv) : Process(std::move(argv), Options{}) {}

Process::Process(std::vector<std::string> argv, Options options)
    : output_file_(options.output_file), own_output_file_(options.output_file.empty()) {
    if (own_output_file_) output_file_ = temporary_file();
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ == 0) become(argv, options, output_file_);
}

Process::~Process() {
    if (running()) {
        signal(SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (own_output_file_) unlink(output_file_.c_str());
}

void Process::signal(int number) const {
    kill(pid_, number);
}

bool Process::running() {
    if (exit_code_) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return false;
}

std::optional<int> Process::wait() {
    wait_until([this] { return !running(); });
    return exit_code_;
}

std::string Process::output() const {
    return read_file(output_file_);
}

}  // namespace hcloud::lab

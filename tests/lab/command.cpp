#include "tests/lab/command.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <sys/wait.h>

namespace hcloud::lab {

CommandResult try_run(const std::string& command) {
    // The redirection of a group covers every command in it.
    FILE* pipe = popen(("{ " + command + "\n} 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("popen failed for: " + command);
    CommandResult result;
    std::array<char, 4096> buffer{};
    while (const auto size = fread(buffer.data(), 1, buffer.size(), pipe)) {
        result.output.append(buffer.data(), size);
    }
    const int status = pclose(pipe);
    result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

std::string run(const std::string& command) {
    auto result = try_run(command);
    if (result.exit_code != 0) {
        throw std::runtime_error("exit " + std::to_string(result.exit_code) + " from: " + command +
                                 "\n" + result.output);
    }
    return std::move(result.output);
}

bool wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

bool with_time_enough(std::chrono::milliseconds first,
                      const std::function<bool(std::chrono::milliseconds)>& attempt) {
    for (auto limit = first; limit <= kPatience; limit *= 2) {
        if (attempt(limit)) return true;
    }
    return false;
}

long kernel_counter(const std::string& name) {
    return std::stol(run("nstat -asz " + name + " | awk '$1 == \"" + name + "\" {print $2}'"));
}

void add_veth(const std::string& name, const std::string& peer, const std::string& mac, bool up) {
    run("ip link add " + name + " address " + mac + " type veth peer name " + peer);
    if (up) run("ip link set " + name + " up && ip link set " + peer + " up");
}

TempDir::TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hcloud-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + pattern);
    path_ = pattern;
}

TempDir::~TempDir() {
    std::error_code ignored;  // a file that a test made unreadable must not end the whole run
    std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::write(const std::string& name, const std::string& text) const {
    const auto file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file.string();
}

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace hcloud::lab

#include "tests/lab/places.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace hcloud::lab {

namespace {

namespace fs = std::filesystem;

/// Empty if the variable is not set.
std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

fs::path own_folder() {
    return fs::read_symlink("/proc/self/exe").parent_path();
}

std::string source_folder() {
    if (auto folder = environment("HCLOUD_SOURCE_DIR"); !folder.empty()) return folder;
    // Programs are in BUILD/bin.
    const auto cache = own_folder().parent_path() / "CMakeCache.txt";
    std::ifstream lines(cache);
    const std::string entry = "CMAKE_HOME_DIRECTORY:INTERNAL=";
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(entry)) return line.substr(entry.size());
    }
    throw std::runtime_error("cannot find the checkout: " + cache.string() +
                             " does not name it; set HCLOUD_SOURCE_DIR to it");
}

}  // namespace

std::string in_source(const std::string& path) {
    return (fs::path(source_folder()) / path).string();
}

std::string program(const std::string& name) {
    const auto simulator = environment("HCLOUD_SIMULATOR");
    if (name == "hcloud-simulator" && !simulator.empty()) return simulator;
    return (own_folder() / name).string();
}

}  // namespace hcloud::lab

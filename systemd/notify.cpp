#include "systemd/notify.h"

#include <cstdlib>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace hcloud::sd {

namespace {

// A manager that cannot be told is not the service's problem: sd_notify's result says only that.
void notify(const std::string& state) {
    (void)sd_notify(0, state.c_str());
}

}  // namespace

void notify_ready() {
    notify("READY=1");
}
void notify_stopping() {
    notify("STOPPING=1");
}
void notify_status(const std::string& text) {
    notify("STATUS=" + text);
}

void notify_reloading() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto usec = static_cast<std::uint64_t>(now.tv_sec) * 1000000 +
                      static_cast<std::uint64_t>(now.tv_nsec) / 1000;
    notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", usec));
}

std::optional<std::filesystem::path> credential(const std::string& name) {
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (directory == nullptr) return std::nullopt;
    auto path = std::filesystem::path(directory) / name;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return std::nullopt;
    return path;
}

bool under_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat info {};
    if (stream == nullptr || fstat(STDERR_FILENO, &info) != 0) return false;
    return fmt::format("{}:{}", info.st_dev, info.st_ino) == stream;
}

}  // namespace hcloud::sd

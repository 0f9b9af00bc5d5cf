#include "agent/config/file.h"

#include "agent/config/descriptor.h"
#include "agent/config/error.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hcloud::agent::config {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, std::string text, std::string hint) {
    throw ConfigError({{.file = path.string(), .text = std::move(text), .hint = std::move(hint)}});
}

std::string message(int error) {
    return std::generic_category().message(error);
}

[[noreturn]] void fail_open(const std::filesystem::path& path, int error) {
    std::string hint = "check that this is the right file";
    if (error == EACCES || error == EPERM) {
        hint = "run as root, or check the permissions of the file and of the directories above it";
    } else if (error == ENOENT) {
        hint = "this is a symbolic link to a file that is not there: mend or remove the link";
    }
    fail(path, "cannot open: " + message(error), std::move(hint));
}

/// Non-blocking, so that opening a FIFO returns.
int open_to_read(const std::filesystem::path& path) {
    return open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

void check_regular(const std::filesystem::path& path, int fd) {
    struct stat status {};
    if (fstat(fd, &status) != 0) fail_open(path, errno);
    if (S_ISREG(status.st_mode)) return;
    fail(path,
         fmt::format("expected a regular file, got {}",
                     S_ISDIR(status.st_mode) ? "a directory" : "a device, pipe or socket"),
         "name the configuration file itself");
}

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& path) {
    const Descriptor file(open_to_read(path));
    if (file.get() < 0) {
        const int error = errno;
        std::error_code unknown;  // then the link's own state does not matter: open has failed
        if (error == ENOENT && !std::filesystem::is_symlink(path, unknown)) return std::nullopt;
        fail_open(path, error);
    }
    check_regular(path, file.get());
    std::string text(kMaxFileSize + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto count = read(file.get(), text.data() + size, text.size() - size);
        if (count == 0) break;
        if (count > 0) size += static_cast<std::size_t>(count);
        if (count < 0 && errno != EINTR) {
            fail(path, "cannot read: " + message(errno), "check the disk and the file system");
        }
    }
    if (size > kMaxFileSize)
        fail(path, "expected at most 1 MiB, got more", "check that this is the right file");
    text.resize(size);
    return text;
}

}  // namespace hcloud::agent::config

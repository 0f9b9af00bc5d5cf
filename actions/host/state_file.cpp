#include "actions/host/state_file.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hcloud::host {

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
    throw StateFileError(path + ": " + reason);
}

[[noreturn]] void fail_errno(const std::string& path, const std::string& what) {
    fail(path, what + ": " + std::generic_category().message(errno));
}

class File {
  public:
    explicit File(int fd) : fd_(fd) {}
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int fd() const { return fd_; }
    bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

  private:
    int fd_;
};

}  // namespace

std::optional<std::string> read_state_file(const std::string& path) {
    // Without O_NONBLOCK a pipe put in its place would stop us here.
    const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.fd() < 0 && errno == ENOENT) return std::nullopt;
    if (file.fd() < 0) fail_errno(path, "cannot open");
    struct stat status {};
    if (fstat(file.fd(), &status) != 0) fail_errno(path, "cannot stat");
    if (!S_ISREG(status.st_mode)) fail(path, "is not a regular file");
    std::string text;
    std::array<char, 16384> buffer{};
    for (;;) {
        const auto size = read(file.fd(), buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) fail_errno(path, "cannot read");
        if (size == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(size));
        if (text.size() > kMaxStateFile)
            fail(path, fmt::format("is larger than {} bytes", kMaxStateFile));
    }
}

namespace {

/// A new file beside `path` that takes its place on commit() and is removed otherwise.
class Replacement {
  public:
    explicit Replacement(std::string path)
        : path_(std::move(path)),
          temporary_(path_ + ".XXXXXX"),
          file_(mkostemp(temporary_.data(), O_CLOEXEC)) {
        if (file_.fd() < 0) fail_errno(path_, "cannot create a new file beside it");
    }
    ~Replacement() {
        if (!committed_) unlink(temporary_.c_str());
    }
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;

    void write(std::string_view text) {
        while (!text.empty()) {
            const auto size = ::write(file_.fd(), text.data(), text.size());
            if (size < 0 && errno == EINTR) continue;
            if (size < 0) fail_errno(path_, "cannot write");
            text.remove_prefix(static_cast<std::size_t>(size));
        }
    }

    void commit(Durable durable) {
        give_to_owner_of_folder(file_.fd(), path_);
        if (durable == Durable::yes && fsync(file_.fd()) != 0) fail_errno(path_, "cannot write");
        if (!file_.close()) fail_errno(path_, "cannot write");
        if (rename(temporary_.c_str(), path_.c_str()) != 0) fail_errno(path_, "cannot replace");
        committed_ = true;
    }

  private:
    std::string path_;
    std::string temporary_;
    File file_;
    bool committed_ = false;
};

/// A file that cannot even be read is one to be replaced; if that fails too, that is said.
bool holds(const std::string& path, std::string_view text) {
    try {
        return read_state_file(path) == text;
    } catch (const StateFileError&) {
        return false;
    }
}

}  // namespace

void give_to_owner_of_folder(int fd, const std::string& path) {
    struct stat folder {};
    const auto parent = path.substr(0, path.rfind('/'));
    if (geteuid() != 0 || stat(parent.c_str(), &folder) != 0) return;
    if (fchown(fd, folder.st_uid, folder.st_gid) != 0) fail_errno(path, "cannot change the owner");
}

void replace_state_file(const std::string& path, std::string_view text, Durable durable) {
    if (text.size() > kMaxStateFile) {
        fail(path, fmt::format("would be larger than {} bytes", kMaxStateFile));
    }
    if (holds(path, text)) return;
    Replacement replacement(path);
    replacement.write(text);
    replacement.commit(durable);
}

}  // namespace hcloud::host

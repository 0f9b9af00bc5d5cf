#include "agent/doctor/view.h"

#include "agent/config/descriptor.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hcloud::agent::doctor {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxSize = std::size_t{1024} * 1024;

bool is_regular(int fd) {
    struct stat status {};
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

std::string read_all(int fd) {
    std::string text(kMaxSize, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto got = ::read(fd, text.data() + size, text.size() - size);
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

}  // namespace

fs::path View::real(const fs::path& path) const {
    return root_ / path.relative_path();
}

void View::note(const fs::path& path, int error) {
    if (error == EACCES || error == EPERM) refused_.insert(path.string());
}

std::optional<std::string> View::read(const fs::path& path) {
    // Without O_NONBLOCK a pipe of that name would hold us up.
    const config::Descriptor fd(open(real(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (fd.get() < 0) {
        note(path, errno);
        return std::nullopt;
    }
    if (!is_regular(fd.get())) return std::nullopt;
    return read_all(fd.get());
}

std::optional<std::string> View::read_word(const fs::path& path) {
    auto text = read(path);
    if (!text) return text;
    constexpr const char* kBlank = " \t\r\n";
    text->erase(text->find_last_not_of(kBlank) + 1);
    text->erase(0, text->find_first_not_of(kBlank));
    return text;
}

std::optional<std::int64_t> View::read_number(const fs::path& path) {
    const auto word = read_word(path);
    if (!word) return std::nullopt;
    std::int64_t number = 0;
    const char* last = word->data() + word->size();
    const auto [end, error] = std::from_chars(word->data(), last, number);
    if (error != std::errc{} || end != last) return std::nullopt;
    return number;
}

bool View::exists(const fs::path& path) {
    return stat(path).has_value();
}

std::optional<View::File> View::stat(const fs::path& path) {
    struct stat status {};
    if (::stat(real(path).c_str(), &status) != 0) {
        note(path, errno);
        return std::nullopt;
    }
    constexpr mode_t kPermissions = 07777;
    return File{path, status.st_mode & kPermissions};
}

std::vector<fs::path> View::files(const fs::path& directory, const std::string& ending, bool deep) {
    std::vector<fs::path> result;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(real(directory), error)) {
        const auto path = directory / entry.path().filename();
        std::error_code unknown;  // gone meanwhile, or a link to nowhere: neither is a file
        if (deep && entry.is_directory(unknown)) {
            const auto more = files(path, ending, deep);
            result.insert(result.end(), more.begin(), more.end());
        } else if (entry.is_regular_file(unknown) && path.string().ends_with(ending)) {
            result.push_back(path);
        }
    }
    note(directory, error.value());
    std::sort(result.begin(), result.end());
    return result;
}

}  // namespace hcloud::agent::doctor

#include "actions/host/ledger.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hcloud::host {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxSize = std::size_t{16} * 1024 * 1024;
constexpr int kVersion = 1;
constexpr const char* kBootIdFile = "/proc/sys/kernel/random/boot_id";

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
    throw LedgerError(path + ": " + reason);
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

/// The whole file; nothing if there is none.
std::optional<std::string> read_file(const std::string& path) {
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
        if (text.size() > kMaxSize) fail(path, fmt::format("is larger than {} bytes", kMaxSize));
    }
}

std::string boot_id() {
    const auto text = read_file(kBootIdFile);
    if (!text) fail(kBootIdFile, "does not exist");
    return text->substr(0, text->find('\n'));
}

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

    // No fsync: the file is in /run and need not outlive the kernel.
    void commit() {
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

/// Reads the ledger's JSON; every complaint names the file and what was expected.
class Reader {
  public:
    explicit Reader(const std::string& path) : path_(path) {}

    std::vector<LedgerEntry> entries(const std::string& text, const std::string& this_boot) const {
        const json root = parse(text);
        if (!root.is_object()) fail(path_, "expected a JSON object");
        const json& version = member(root, "version");
        if (version != kVersion)
            fail(path_, fmt::format("expected \"version\" to be {}", kVersion));
        if (string(root, "boot_id", "") != this_boot) return {};
        const json& list = member(root, "entries");
        if (!list.is_array()) fail(path_, "expected \"entries\" to be an array");
        std::vector<LedgerEntry> result;
        result.reserve(list.size());
        for (std::size_t i = 0; i < list.size(); ++i) {
            result.push_back(entry(list[i], fmt::format("entries[{}]: ", i)));
        }
        return result;
    }

  private:
    json parse(const std::string& text) const {
        try {
            return json::parse(text);
        } catch (const json::parse_error& error) {
            fail(path_, fmt::format("is not JSON (at byte {})", error.byte));
        }
    }

    const json& member(const json& object, const char* name, const std::string& where = {}) const {
        const auto found = object.find(name);
        if (found == object.end()) fail(path_, fmt::format("{}expected \"{}\"", where, name));
        return *found;
    }

    std::string string(const json& object, const char* name, const std::string& where) const {
        const json& value = member(object, name, where);
        if (!value.is_string()) {
            fail(path_, fmt::format("{}expected \"{}\" to be a string", where, name));
        }
        return value.get<std::string>();
    }

    LedgerEntry entry(const json& value, const std::string& where) const {
        if (!value.is_object()) fail(path_, where + "expected an object");
        const auto prefix = Prefix::parse(string(value, "prefix", where));
        if (!prefix) {
            fail(path_, where + "expected \"prefix\" to be an address like \"10.0.0.3/32\"");
        }
        return {link(value, where), *prefix, string(value, "purpose", where)};
    }

    int link(const json& value, const std::string& where) const {
        const json& index = member(value, "link", where);
        constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
        if (!index.is_number_unsigned() || index.get<std::uint64_t>() == 0 ||
            index.get<std::uint64_t>() > kMax) {
            fail(path_, where + "expected \"link\" to be an interface index, 1 or more");
        }
        return index.get<int>();
    }

    const std::string& path_;
};

std::string to_text(const std::vector<LedgerEntry>& entries, const std::string& this_boot) {
    json list = json::array();
    for (const auto& entry : entries) {
        auto& value = list.emplace_back(json::value_t::object);
        value["link"] = entry.link;
        value["prefix"] = entry.prefix.to_string();
        value["purpose"] = entry.purpose;
    }
    json root{{"version", kVersion}, {"boot_id", this_boot}};
    root["entries"] = std::move(list);
    // A purpose that is not UTF-8 must not cost us the entry.
    return root.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// A file that cannot even be read is one to be replaced; if that fails too, save() says so.
bool holds(const std::string& path, const std::string& text) {
    try {
        return read_file(path) == text;
    } catch (const LedgerError&) {
        return false;
    }
}

}  // namespace

FileLedger::FileLedger(std::filesystem::path path) : path_(std::move(path)) {}

std::vector<LedgerEntry> FileLedger::load() {
    const std::string path = path_.string();
    const auto text = read_file(path);
    if (!text) return {};
    return Reader(path).entries(*text, boot_id());
}

void FileLedger::save(const std::vector<LedgerEntry>& entries) {
    const std::string path = path_.string();
    const std::string text = to_text(entries, boot_id());
    if (text.size() > kMaxSize) fail(path, fmt::format("would be larger than {} bytes", kMaxSize));
    if (holds(path, text)) return;
    Replacement replacement(path);
    replacement.write(text);
    replacement.commit();
}

}  // namespace hcloud::host

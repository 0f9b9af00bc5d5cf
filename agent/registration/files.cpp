#include "agent/registration/files.h"

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace hcloud::agent {

namespace {

using nlohmann::json;
using Kind = Key::Kind;

constexpr int kVersion = 1;

constexpr std::array kKinds = {
    std::pair{Kind::label, "label"},
    std::pair{Kind::firewall, "firewall"},
    std::pair{Kind::network, "network"},
    std::pair{Kind::alias_ip, "alias_ip"},
    std::pair{Kind::load_balancer, "load_balancer"},
    std::pair{Kind::reverse_dns, "reverse_dns"},
};

constexpr const char* kForgetRecord =
    "remove the file: what it lists stays in the project, and is no longer the agent's to remove";
constexpr const char* kForgetDrained =
    "until then this server stays out of its load balancers: remove the file, or drain again";

[[noreturn]] void fail(const std::string& path, const std::string& why, const char* advice) {
    throw RegistrationFileError(fmt::format("{}: {}; {}", path, why, advice));
}

const char* name_of(Kind kind) {
    for (const auto& [known, name] : kKinds) {
        if (known == kind) return name;
    }
    return "";
}

Kind kind_of(const std::string& name) {
    for (const auto& [kind, known] : kKinds) {
        if (name == known) return kind;
    }
    return Kind::none;
}

/// `read` uses json's own checks; what they complain of is said with the file's name.
template <typename Read>
auto reading(const std::string& path, const char* advice, Read read) try {
    const auto text = host::read_state_file(path);
    using Result = decltype(read(json()));
    if (!text) return Result{};
    const auto value = json::parse(*text);
    if (value.at("version") != kVersion) fail(path, "is of another version", advice);
    return read(value);
} catch (const json::parse_error& error) {
    fail(path, fmt::format("is not JSON (at byte {})", error.byte), advice);
} catch (const json::exception& error) {
    fail(path, error.what(), advice);
}

void write(const std::string& path, const json& value, host::Durable durable) {
    host::replace_state_file(
        path, value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n", durable);
}

class FileTurn : public Turn {
  public:
    explicit FileTurn(int fd) : fd_(fd) {}
    ~FileTurn() override { close(fd_); }
    FileTurn(const FileTurn&) = delete;
    FileTurn& operator=(const FileTurn&) = delete;

  private:
    int fd_;
};

}  // namespace

RegistrationFiles::RegistrationFiles(const std::filesystem::path& state_dir,
                                     const std::filesystem::path& runtime_dir)
    : record_(state_dir / "registration.json"),
      drained_(runtime_dir / "drained.json"),
      lock_(runtime_dir / "cloud.lock") {}

RegistrationRecord RegistrationFiles::load(std::int64_t server) {
    return reading(record_.string(), kForgetRecord, [&](const json& value) {
        RegistrationRecord record;
        if (value.at("server") != server) return record;
        for (const auto& entry : value.at("made")) {
            const auto kind = kind_of(entry.at("kind").get<std::string>());
            if (kind == Kind::none) continue;  // of a later version: not ours to judge
            record[{kind, 0, {}, entry.at("what").get<std::string>()}] =
                entry.at("value").get<std::string>();
        }
        return record;
    });
}

void RegistrationFiles::save(std::int64_t server, const RegistrationRecord& record) {
    json made = json::array();
    for (const auto& [key, value] : record) {
        made.push_back({{"kind", name_of(key.kind)}, {"what", key.name}, {"value", value}});
    }
    std::error_code error;
    std::filesystem::create_directories(record_.parent_path(), error);  // the write says why not
    write(record_.string(), {{"version", kVersion}, {"server", server}, {"made", made}},
          host::Durable::yes);
}

bool RegistrationFiles::has_record() {
    return reading(record_.string(), kForgetRecord, [](const json& value) {
        return value.is_object() && !value.at("made").empty();
    });
}

std::set<std::string> RegistrationFiles::drained() {
    return reading(drained_.string(), kForgetDrained, [](const json& value) {
        return value.at("load_balancers").get<std::set<std::string>>();
    });
}

void RegistrationFiles::set_drained(const std::set<std::string>& load_balancers) {
    write(drained_.string(), {{"version", kVersion}, {"load_balancers", load_balancers}},
          host::Durable::no);
}

std::unique_ptr<Turn> RegistrationFiles::turn(std::chrono::milliseconds limit) {
    constexpr mode_t kMode = 0640;
    const int fd = open(lock_.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, kMode);
    if (fd < 0) {
        throw RegistrationFileError(
            fmt::format("{}: {}", lock_.string(), std::generic_category().message(errno)));
    }
    auto turn = std::make_unique<FileTurn>(fd);
    host::give_to_owner_of_folder(fd, lock_.string());
    const auto end = std::chrono::steady_clock::now() + limit;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        constexpr std::chrono::milliseconds kStep{50};
        if (std::chrono::steady_clock::now() + kStep > end) return nullptr;
        std::this_thread::sleep_for(kStep);
    }
    return turn;
}

}  // namespace hcloud::agent

#include "agent/config/users.h"

#include "agent/config/suggest.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include <pwd.h>

namespace hcloud::agent::config {

namespace {

constexpr const char* kUsers = "/etc/passwd";

bool is_number(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Parsed<User> parse_number(const std::string& text) {
    constexpr std::uint32_t kLargest = 4294967294;  // one more is "no user" to the kernel
    std::uint32_t uid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
    if (error == std::errc{} && uid <= kLargest) return User{text, uid};
    return Refusal{"expected a user, got the number " + in_quotes(text),
                   fmt::format("a uid is at most {}", kLargest)};
}

}  // namespace

std::optional<std::uint32_t> local_uid(const std::string& name) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(kUsers, "re"), std::fclose);
    if (!file) throw std::system_error(errno, std::generic_category(), kUsers);
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    while (fgetpwent_r(file.get(), &entry, buffer.data(), buffer.size(), &found) == 0) {
        if (name == entry.pw_name) return entry.pw_uid;
    }
    return std::nullopt;
}

Parsed<User> parse_user(const std::string& text) {
    if (is_number(text)) return parse_number(text);
    try {
        if (const auto uid = local_uid(text)) return User{text, *uid};
    } catch (const std::system_error& error) {
        return Refusal{
            fmt::format("expected a user, got {}, and {}", in_quotes(text), error.what()),
            "write the number that `id -u` says"};
    }
    return Refusal{
        fmt::format("expected a user, got {}, which is not in {}", in_quotes(text), kUsers),
        "write a name from there; for a user of a directory service, the number that "
        "`id -u` says"};
}

}  // namespace hcloud::agent::config

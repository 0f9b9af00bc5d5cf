#include "agent/daemon/host_files.h"

#include "agent/config/descriptor.h"
#include "agent/config/environment.h"
#include "agent/config/users.h"
#include "systemd/notify.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

namespace hcloud::agent {

namespace {

constexpr std::size_t kMaxSecret = 4096;

// Unbuffered, and wiped by the caller: a stream would leave copies of a token in freed memory.
std::string read_small(const std::filesystem::path& path) {
    const config::Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) throw std::system_error(errno, std::generic_category());
    std::string text(kMaxSecret, '\0');
    const auto size = read(fd.get(), text.data(), text.size());
    if (size < 0) throw std::system_error(errno, std::generic_category());
    text.resize(static_cast<std::size_t>(size));
    return text;
}

TokenSource token_from_environment(const char* text) {
    try {
        return {cloud::Token(text), {}};
    } catch (const std::exception& error) {
        return {{}, fmt::format("API token in $HCLOUD_TOKEN: {}", error.what())};
    }
}

}  // namespace

std::optional<TokenSource> token_in(const std::filesystem::path& path) {
    try {
        auto text = read_small(path);
        TokenSource source{cloud::Token(text), {}};
        explicit_bzero(text.data(), text.size());
        if (source.token.empty()) return std::nullopt;
        return source;
    } catch (const std::exception& error) {
        return TokenSource{{}, fmt::format("API token in {}: {}", path.string(), error.what())};
    }
}

TokenSource find_token(const Config& config) {
    if (const auto& path = config.api.token_file; !path.empty()) {
        return token_in(path).value_or(TokenSource{{}, path + " is empty"});
    }
    // The unit gives an empty one where there is no token.
    if (const auto path = sd::credential("hcloud-token")) {
        if (const auto source = token_in(*path)) return *source;
    }
    if (const char* text = environment("HCLOUD_TOKEN")) {
        return token_from_environment(text);
    }
    if (access(kTokenFile, R_OK) == 0) {
        if (const auto source = token_in(kTokenFile)) return *source;
    } else if (errno == EACCES) {
        return {
            {},
            fmt::format("API token in {}: permission denied: restart the service, which was "
                        "started before it was there; or run this as root or with $HCLOUD_TOKEN",
                        kTokenFile)};
    }
    return {{},
            fmt::format("no API token: put one into {} and restart the service, or set "
                        "api.token_file or $HCLOUD_TOKEN",
                        kTokenFile)};
}

std::optional<std::int64_t> read_dmi_serial() {
    const auto path = sd::credential("dmi-serial").value_or("/sys/class/dmi/id/product_serial");
    try {
        const auto text = read_small(path);
        std::int64_t serial = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), serial);
        if (error != std::errc() || serial <= 0) return std::nullopt;
        return serial;
    } catch (const std::system_error&) {
        return std::nullopt;  // no DMI here, or not for us: the identity is unproven, and says so
    }
}

std::vector<std::uint32_t> agent_uids() {
    std::vector<std::uint32_t> uids{geteuid()};
    try {
        if (const auto service = config::local_uid("hcloud-agent")) uids.push_back(*service);
    } catch (const std::system_error&) {
        // Without a list of users there is none of the service's.
    }
    return uids;
}

}  // namespace hcloud::agent

#include "agent/daemon/host_files.h"

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
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category());
    std::string text(kMaxSecret, '\0');
    const auto size = read(fd, text.data(), text.size());
    const int code = errno;
    close(fd);
    if (size < 0) throw std::system_error(code, std::generic_category());
    text.resize(static_cast<std::size_t>(size));
    return text;
}

TokenSource token_from_file(const std::filesystem::path& path) {
    try {
        auto text = read_small(path);
        TokenSource source{cloud::Token(text), {}};
        explicit_bzero(text.data(), text.size());
        if (source.token.empty()) source.problem = fmt::format("{} is empty", path.string());
        return source;
    } catch (const std::exception& error) {
        return {{}, fmt::format("API token in {}: {}", path.string(), error.what())};
    }
}

}  // namespace

TokenSource find_token(const Config& config) {
    if (!config.api.token_file.empty()) return token_from_file(config.api.token_file);
    if (const auto path = sd::credential("hcloud-token")) return token_from_file(*path);
    if (const char* text = std::getenv("HCLOUD_TOKEN"); text != nullptr && *text != '\0') {
        try {
            return {cloud::Token(text), {}};
        } catch (const std::exception& error) {
            return {{}, fmt::format("API token in $HCLOUD_TOKEN: {}", error.what())};
        }
    }
    return {{},
            "no API token: assigned floating IPs are unknown; set api.token_file, or list the "
            "addresses in network.floating_ips"};
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

}  // namespace hcloud::agent

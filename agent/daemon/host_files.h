// The files outside the agent's own that it reads: token, DMI serial and users.
#pragma once

#include "actions/cloud/token.h"
#include "agent/config/config.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::agent {

/// Root's; the packaged unit hands what is in it to the service, as its credential.
inline constexpr const char* kTokenFile = "/etc/hcloud-agent/token";

struct TokenSource {
    cloud::Token token;   // empty if there is none
    std::string problem;  // why there is none, and what to do; never a part of the token
};

/// What the file holds; nothing if that is blank.
std::optional<TokenSource> token_in(const std::filesystem::path& path);

/// api.token_file, else the systemd credential "hcloud-token" unless it is empty, else
/// $HCLOUD_TOKEN, else /etc/hcloud-agent/token where it can be read.
TokenSource find_token(const Config& config);

/// The server id that the hypervisor put into DMI (product_serial; FACTS §2): from the systemd
/// credential "dmi-serial", since only root can read the file itself, else from /sys. Nothing where
/// there is none.
std::optional<std::int64_t> read_dmi_serial();

/// As whom the agent asks the metadata service: this process's user and, since `plan` and `apply`
/// are root's as a rule, that of the service, hcloud-agent, where there is one.
std::vector<std::uint32_t> agent_uids();

}  // namespace hcloud::agent

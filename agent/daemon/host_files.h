// The files outside the agent's own that it reads: token and DMI serial.
#pragma once

#include "actions/cloud/token.h"
#include "agent/config/config.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hcloud::agent {

struct TokenSource {
    cloud::Token token;   // empty if there is none
    std::string problem;  // why there is none, and what to do; never a part of the token
};

/// api.token_file, else the systemd credential "hcloud-token", else $HCLOUD_TOKEN.
TokenSource find_token(const Config& config);

/// The server id that the hypervisor put into DMI (product_serial; FACTS §2): from the systemd
/// credential "dmi-serial", since only root can read the file itself, else from /sys. Nothing where
/// there is none.
std::optional<std::int64_t> read_dmi_serial();

}  // namespace hcloud::agent

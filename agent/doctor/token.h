// The API token: whether there is one, and who can read it.
#pragma once

#include "agent/doctor/finding.h"

#include <optional>
#include <string>

#include <sys/types.h>

namespace hcloud::agent::doctor {

struct TokenFacts {
    std::string source;          // "/etc/hcloud-agent/token", "$HCLOUD_TOKEN"; empty: there is none
    std::string problem;         // why what is there is no token; never a part of it
    bool refused = false;        // there is a file, but not for us to read
    std::optional<mode_t> mode;  // permissions of the file, if it is one that somebody made
    bool needed = true;          // the configuration wants what only the API knows
};

Findings judge(const TokenFacts& facts);

}  // namespace hcloud::agent::doctor

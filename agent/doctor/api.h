// What the Cloud API says: whether it can be reached, what the token may do, what is left of the
// rate limit, what time it is there.
#pragma once

#include "actions/cloud/error.h"
#include "actions/cloud/types.h"
#include "agent/doctor/finding.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace hcloud::agent::doctor {

enum class TokenKind { not_established, read_only, read_write };

struct ApiFacts {
    bool asked = false;
    std::string endpoint;
    std::string proxy;  // "proxy.example:3128"; never with its password
    std::int64_t server = 0;
    std::optional<cloud::Error> error;  // of reading the server
    TokenKind kind = TokenKind::not_established;
    bool registers = false;  // the configuration has something to register
    std::optional<cloud::RateLimit> rate;
    int reserve_percent = 20;                   // api.reserve
    std::optional<std::chrono::seconds> ahead;  // our clock before the API's
};

Findings judge(const ApiFacts& facts);

/// What the answer to a change that cannot be made tells of the token; see api_look.cpp.
TokenKind kind_by(const cloud::Error& answer);

}  // namespace hcloud::agent::doctor

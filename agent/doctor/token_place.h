// Where the token of the agent is, seen from a shell: the service has it as a credential, which
// systemd shows to root alone.
#pragma once

#include "actions/cloud/token.h"
#include "agent/config/config.h"
#include "agent/doctor/token.h"
#include "agent/doctor/view.h"

namespace hcloud::agent::doctor {

struct TokenPlace {
    TokenFacts facts;
    cloud::Token token;  // empty if there is none, or none for us
};

/// api.token_file; else the credential of this process, or of hcloud-agent.service; else the file
/// from which the packaged unit loads it; else $HCLOUD_TOKEN.
TokenPlace find_token_place(const Config& config, View& view);

}  // namespace hcloud::agent::doctor

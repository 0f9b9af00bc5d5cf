// The questions that doctor asks of metadata and API. Each changes nothing, and has a deadline.
#pragma once

#include "actions/cloud/token.h"
#include "agent/config/config.h"
#include "agent/doctor/addresses.h"
#include "agent/doctor/api.h"
#include "agent/planner/knowledge.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace hcloud::agent::doctor {

MetadataAnswers ask_metadata(const Config& config);

struct ApiLook {
    ApiFacts facts;
    FloatingIpsAnswer assigned;             // to this server
    std::vector<FloatingIpHolder> holders;  // of those that the configuration lists
};

/// `server` is nothing if metadata does not tell it: then the token alone is looked at.
ApiLook ask_api(const Config& config, const cloud::Token& token,
                std::optional<std::int64_t> server);

}  // namespace hcloud::agent::doctor

// Who this machine is, and whether metadata speaks of it.
#pragma once

#include "agent/config/config.h"
#include "agent/doctor/finding.h"

#include <cstdint>
#include <optional>
#include <string>

namespace hcloud::agent::doctor {

struct IdentityFacts {
    VerifyBy verify = VerifyBy::dmi;
    std::optional<std::string> vendor;        // DMI sys_vendor
    std::optional<std::int64_t> serial;       // DMI product_serial, or the credential of it
    bool serial_refused = false;              // it is there, but not for us to read
    std::optional<std::int64_t> instance_id;  // metadata's
};

/// With identity-mismatch nothing else that metadata said is about this server.
Findings judge(const IdentityFacts& facts);

}  // namespace hcloud::agent::doctor

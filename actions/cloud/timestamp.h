#pragma once

#include "actions/cloud/types.h"

#include <optional>
#include <string>

namespace hcloud::cloud {

/// RFC 3339 as the API writes it: "2016-01-30T23:55:00+00:00" until December 2025,
/// "2016-01-30T23:55:00Z" since; a fraction of a second is read and dropped.
std::optional<Timestamp> parse_timestamp(const std::string& text);  // years 1970 to 2200

}  // namespace hcloud::cloud

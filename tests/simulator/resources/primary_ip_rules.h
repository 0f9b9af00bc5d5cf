// When a primary IP can come to a server, and leave it.
#pragma once

#include "tests/simulator/api.h"

#include <optional>
#include <string>

namespace hcloud::sim {

// All throw ApiError.

/// The server exists, no action of it runs, and it is off.
void require_stopped(const World& world, Id server);
/// Besides, it has no address of the type "ipv4" or "ipv6".
void require_takes(const World& world, Id server, const std::string& type);

/// Assigns the primary IP when the action ends; std::nullopt: to none.
Effect assign_to(Id ip, std::optional<Id> server);

}  // namespace hcloud::sim

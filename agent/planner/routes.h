// What the provider's networks look like, and which way a packet goes by the routes that are
// observed.
#pragma once

#include "actions/host/types.h"

#include <cstdint>
#include <functional>

namespace hcloud::agent {

inline constexpr std::uint32_t kPrivateMtu = 1450;  // of every private network (FACTS §2)

/// On-link from every public NIC: the gateway of every public address (FACTS §2).
const host::IpAddress& public_gateway();

/// The longest prefix wins, then the lowest metric, as the kernel looks it up; nullptr if there is
/// no way. Only routes that `counts` are looked at.
const host::Route* way_to(
    const host::Snapshot& observed, const host::IpAddress& ip,
    const std::function<bool(const host::Route&)>& counts = [](const host::Route&) {
        return true;
    });

}  // namespace hcloud::agent

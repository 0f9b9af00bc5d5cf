#pragma once

#include "actions/cloud/client.h"

namespace hcloud::cloud {

/// GET /floating_ips/{id}. Throws cloud::Error, `malformed` if the answer is for another id or `ip`
/// is neither an IPv4 address nor an IPv6 address or network.
FloatingIp get_floating_ip(Client& client, std::int64_t id);

}  // namespace hcloud::cloud

#pragma once

#include "actions/cloud/client.h"

namespace hcloud::cloud {

/// GET /servers/{id}. Throws cloud::Error, `malformed` if the answer is for another id.
Server get_server(Client& client, std::int64_t id);

}  // namespace hcloud::cloud

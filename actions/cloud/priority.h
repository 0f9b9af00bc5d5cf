// What a request may spend of the project's rate limit.
#pragma once

namespace hcloud::cloud {

enum class Priority {
    background,  // polling: never touches the reserve
    essential,   // failover, registration, a person waiting
};

}  // namespace hcloud::cloud

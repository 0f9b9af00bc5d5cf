#include "actions/host/guard.h"

#include <fmt/format.h>

namespace hcloud::host {

std::string describe(const Guard& guard) {
    return fmt::format("{} for {} {}", kGuardedAddress, guard.users.size() == 1 ? "uid" : "uids",
                       fmt::join(guard.users, ", "));
}

}  // namespace hcloud::host

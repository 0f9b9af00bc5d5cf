// The guard of the metadata service as values: which users of this machine may reach it.
// Free of libmnl and kernel headers: the planner includes this header.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hcloud::host {

/// What is guarded, whatever the agent's own endpoint is: user data is there.
inline constexpr std::string_view kGuardedAddress = "169.254.169.254";

struct Guard {
    std::vector<std::uint32_t> users;  // the uids that may, ascending, each once
    bool operator==(const Guard&) const = default;
};

/// "169.254.169.254 for uids 0, 33"
std::string describe(const Guard& guard);

/// How the kernel's table of ours stands.
struct GuardState {
    enum class Kind {
        unseen,   // not looked at, or in vain
        absent,   // there is none
        altered,  // there, but not as we make it
        intact,
    };
    Kind kind = Kind::unseen;
    Guard guard;          // of `intact`
    std::string problem;  // of `unseen`: why the look was in vain; empty if there was none
    bool operator==(const GuardState&) const = default;
};

}  // namespace hcloud::host

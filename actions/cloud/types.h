// The API's resources, as far as the agent needs them. Free of Poco and JSON.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

struct Server {
    std::int64_t id = 0;
    std::string name;
    /// Ids; std::nullopt when the answer did not carry the array, which says nothing about how
    /// many.
    std::optional<std::vector<std::int64_t>> floating_ips;
    bool operator==(const Server&) const = default;
};

struct FloatingIp {
    std::int64_t id = 0;
    std::string name;
    std::string ip;  // as the API says: "131.232.99.1" or, for IPv6, the network "2001:db8::/64"
    std::optional<std::int64_t> server;  // the server it is assigned to
    bool operator==(const FloatingIp&) const = default;
};

/// From the ratelimit-* headers of the latest answer.
struct RateLimit {
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    bool operator==(const RateLimit&) const = default;
};

}  // namespace hcloud::cloud

// Where the API is. Internal to this folder.
#pragma once

#include <cstdint>
#include <string>

namespace hcloud::cloud {

struct Endpoint {
    bool secure = true;
    std::string host;
    std::uint16_t port = 0;
    std::string path;  // "/v1", without a slash at the end
    std::string url;   // "https://api.hetzner.cloud/v1", likewise
};

/// Throws std::invalid_argument unless it is an https:// URL, or an http:// one of loopback,
/// without user, query and fragment.
Endpoint parse_endpoint(const std::string& text);

}  // namespace hcloud::cloud

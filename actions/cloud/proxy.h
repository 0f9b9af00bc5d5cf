// The proxy that https:// connections are to go through. Free of Poco.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hcloud::cloud {

struct ProxySettings {
    std::string url;       // "http://[user:password@]host[:port]"; empty for none
    std::string no_proxy;  // as curl's: "example.com, .example.org, 10.0.0.0/8" or "*"
};

/// https_proxy or HTTPS_PROXY, no_proxy or NO_PROXY, in this order, as curl does.
ProxySettings proxy_from_environment();

struct Proxy {
    std::string host;
    std::uint16_t port = 80;
    // Secrets; both empty if the URL has no user.
    std::string password;
    std::string authorization;  // "Basic dXNlcjpwYXNzd29yZA=="
};

/// The proxy for a host; nothing for none. Throws std::invalid_argument if the URL is not usable:
/// not a URL, or not an http:// proxy. The text tells neither user nor password.
std::optional<Proxy> proxy_for(const std::string& host, const ProxySettings& settings);

}  // namespace hcloud::cloud

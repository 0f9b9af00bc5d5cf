// What went wrong with an API call: typed, with enough context to act on and to log once.
#pragma once

#include <stdexcept>
#include <string>

namespace hcloud::cloud {

enum class ErrorKind {
    unreachable,    // name resolution, connection refused, no route, TLS hand-shake or certificate
    timeout,        // connected, but no complete answer in time, or cancelled
    broken,         // connection reset, truncated body, not HTTP
    not_permitted,  // 401, 403
    not_found,      // 404
    rate_limited,   // 429
    rejected,       // any other 4xx
    server_fault,   // 5xx
    too_large,      // more than the size limit
    malformed,      // a complete answer that does not parse or has a wrong type
};

/// what() is one line: request, HTTP status, code, message, correlation id. Never the token.
class Error : public std::runtime_error {
  public:
    struct Details {
        ErrorKind kind = ErrorKind::broken;
        std::string request;         // "GET https://api.hetzner.cloud/v1/servers/42"
        int http_status = 0;         // 0 if there was no answer
        std::string code;            // the API's: "not_found"; empty without one
        std::string message;         // the API's, or what came instead
        std::string correlation_id;  // x-correlation-id
    };

    explicit Error(Details details);
    const Details& details() const { return details_; }
    ErrorKind kind() const { return details_.kind; }
    /// Whether the same request may succeed later without anybody changing anything.
    bool retryable() const;

  private:
    Details details_;
};

}  // namespace hcloud::cloud

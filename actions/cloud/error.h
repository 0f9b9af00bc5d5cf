// What went wrong with an API call: typed, with enough context to act on and to log once.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

namespace hcloud::cloud {

/// Where it went wrong.
enum class ErrorKind {
    unreachable,    // name resolution, connection refused, no route, proxy, TLS, certificate
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

/// Which step to a connection failed, of an ErrorKind::unreachable.
enum class Stage { other, name, connect, proxy, tls, certificate };

/// What the caller can do about it.
enum class ErrorClass {
    retry_now,      // a passing fault; the client has tried again already, if it was let
    retry_later,    // passes, but not within seconds; or only by itself: "locked"
    already_so,     // the API says that it is so already: read the resource, is it as wanted?
    not_permitted,  // by token, protection, limit or rule
    gone,           // the resource, or the endpoint
    our_fault,      // request, configuration or surroundings must change first
};

/// what() is one line: request, HTTP status, code, message, correlation id, how many attempts.
/// Never the token.
class Error : public std::runtime_error {
  public:
    struct Details {
        ErrorKind kind = ErrorKind::broken;
        std::string request = {};         // "GET https://api.hetzner.cloud/v1/servers/42"
        int http_status = 0;              // 0 if there was no answer
        std::string code = {};            // the API's: "not_found"; empty without one
        std::string message = {};         // the API's, or what came instead
        std::string correlation_id = {};  // x-correlation-id
        std::string details = {};         // the API's, as JSON text; empty without any
        std::optional<ErrorClass> error_class = {};  // if another than the rest says
        bool outcome_unknown = false;
        int attempts = 1;
        Stage stage = Stage::other;
    };

    explicit Error(Details details);
    const Details& details() const { return details_; }
    ErrorKind kind() const { return details_.kind; }
    ErrorClass error_class() const;
    /// A change was sent, and nothing says whether it was made: read the resource.
    bool outcome_unknown() const { return details_.outcome_unknown; }
    /// Whether the same request may succeed later without anybody changing anything.
    bool retryable() const;

  private:
    Details details_;
};

}  // namespace hcloud::cloud

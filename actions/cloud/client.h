// The Cloud API client: HTTPS with verification always on, bearer token, blocking.
#pragma once

#include "actions/cloud/error.h"
#include "actions/cloud/token.h"
#include "actions/cloud/types.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::cloud {

struct ClientOptions {
    std::string endpoint = "https://api.hetzner.cloud/v1";
    std::string ca_file;  // an extra trust anchor, PEM; empty for the system's alone
    std::string user_agent = "hcloud-agent";
    std::chrono::milliseconds connect_timeout{5000};
    /// For each read; the total deadline is the caller's, by cancel().
    std::chrono::milliseconds io_timeout{10000};
    std::size_t max_body = 8UL * 1024 * 1024;
};

/// Keeps one connection warm. Everything but cancel() belongs to one thread. Calls throw
/// cloud::Error. The constructor throws std::invalid_argument on an endpoint that is no https://
/// URL, or an http:// one that is not loopback: the token never crosses a network in clear text.
class Client {
  public:
    Client(ClientOptions options, const Token& token);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// GET a path below the endpoint ("/servers/42"); the parsed JSON object of a 2xx answer.
    nlohmann::json get(const std::string& path);

    std::optional<RateLimit> rate_limit() const;

    /// From any thread: ends the request in flight, and every later one at once, with
    /// ErrorKind::timeout. Only name resolution cannot be interrupted: a request that is in it ends
    /// right after it.
    void cancel() noexcept;

    /// The Error for an answer to `path` that is JSON but not what the reader needs: `what` says
    /// why.
    Error malformed(const std::string& path, const std::string& what) const;

  private:
    /// Fills in the request and keeps the token, control bytes and long texts out of the rest.
    Error make_error(const std::string& path, Error::Details details) const;

    class Connection;
    std::unique_ptr<Connection> connection_;
};

}  // namespace hcloud::cloud

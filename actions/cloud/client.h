// The Cloud API client: HTTPS with verification always on, bearer token, blocking.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "actions/cloud/error.h"
#include "actions/cloud/token.h"
#include "actions/cloud/types.h"

namespace hcloud::cloud {

struct ClientOptions {
    std::string endpoint = "https://api.hetzner.cloud/v1";
    std::string ca_file;  // an extra trust anchor, PEM; empty for the system's alone
    std::string user_agent = "hcloud-agent";
    std::chrono::milliseconds connect_timeout{5000};
    std::chrono::milliseconds io_timeout{10000};  // for each read; the total deadline is the caller's, by cancel()
    std::size_t max_body = 8 * 1024 * 1024;
};

/// Keeps one connection warm. Everything but cancel() belongs to one thread. Calls throw cloud::Error.
/// The constructor throws std::invalid_argument on an endpoint that is no https:// URL, or an http://
/// one that is not loopback: the token never crosses a network in clear text.
class Client {
  public:
    Client(ClientOptions options, Token token);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// GET a path below the endpoint ("/servers/42"); the parsed JSON object of a 2xx answer.
    nlohmann::json get(const std::string& path);

    std::optional<RateLimit> rate_limit() const;

    /// From any thread: ends the request in flight, and every later one at once, with ErrorKind::timeout.
    void cancel() noexcept;

  private:
    class Connection;
    std::unique_ptr<Connection> connection_;
};

}  // namespace hcloud::cloud

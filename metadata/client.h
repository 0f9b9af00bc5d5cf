// The metadata client: plain HTTP, blocking, no redirects, no proxy from the environment.
#pragma once

#include "metadata/types.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace hcloud::metadata {

struct ClientOptions {
    std::string endpoint = "http://169.254.169.254/hetzner/v1/metadata";
    std::chrono::milliseconds connect_timeout{2000};
    /// For each read; the total deadline is the caller's, by cancel().
    std::chrono::milliseconds io_timeout{2000};
    std::size_t max_body = 1024UL * 1024;
};

/// One object serves one round of requests over one kept-alive connection.
/// Everything but cancel() belongs to one thread. No call throws for what the service does: see
/// Answer. The constructor throws std::invalid_argument on an endpoint that is no http:// URL.
class Client {
  public:
    explicit Client(ClientOptions options = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    Answer<Root> root();
    Answer<PrivateNetworks> private_networks();

    /// Any leaf below the endpoint ("hostname", "public-keys"), trimmed; for the `metadata`
    /// command.
    Answer<std::string> leaf(std::string_view name);

    /// From any thread: ends the request in flight, and every later one at once, with
    /// ErrorKind::timeout.
    void cancel() noexcept;

  private:
    class Connection;
    std::unique_ptr<Connection> connection_;
};

}  // namespace hcloud::metadata

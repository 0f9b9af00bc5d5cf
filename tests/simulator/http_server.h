// The simulation's HTTP front: Poco's server, and the faults that need a socket.
#pragma once

#include "tests/simulator/simulation.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

/// An address and port to listen on; port 0 is any free one.
struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};

/// PEM files: the certificate with its chain, and its key.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

/// "127.0.0.1:8080" or "[::1]:8080"; names are not resolved. std::nullopt if it is neither.
std::optional<Endpoint> parse_endpoint(const std::string& text);

class HttpServer {
  public:
    static constexpr int kMostConnections = 512;  // at each address; more wait

    explicit HttpServer(Simulation& simulation);
    ~HttpServer();  // stop()
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Serves there from now on, with TLS if there are files for it; returns
    /// "http://127.0.0.1:8080". Throws std::runtime_error if that is not possible ("… address
    /// already in use").
    std::string listen(const Endpoint& endpoint, const std::optional<TlsFiles>& tls = std::nullopt);

    /// Ends all connections at once, whatever they wait for; returns when the last has ended.
    void stop();

  private:
    class Listener;

    Simulation& simulation_;
    std::vector<std::unique_ptr<Listener>> listeners_;
};

}  // namespace hcloud::sim

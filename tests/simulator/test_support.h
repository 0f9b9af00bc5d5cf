// What the simulator's tests share: a clock ticked by hand, a project, and a client.
#pragma once

#include "tests/simulator/http_server.h"
#include "tests/simulator/simulation.h"

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace Poco::Net {
class HTTPClientSession;
class StreamSocket;
}  // namespace Poco::Net

namespace hcloud::sim::test {

/// Stands still at 2026-11-23T12:00:00Z until it is told to go on. Thread-safe.
class HandClock {
  public:
    World::Clock clock() const;
    void tick(std::chrono::milliseconds step) { *elapsed_ += step.count(); }

  private:
    std::shared_ptr<std::atomic<std::int64_t>> elapsed_ =
        std::make_shared<std::atomic<std::int64_t>>(0);
};

/// Two servers in one network, two floating IPs, tokens "writer" and "reader", actions of 500 ms.
State two_servers();

struct Reply {
    int status = 0;
    std::map<std::string, std::string> headers;  // names as sent
    std::string body;
    nlohmann::json json() const { return nlohmann::json::parse(body); }
    std::string header(const std::string& name) const;
};

/// One kept-alive connection. Throws Poco::Exception when there is no complete answer.
class Client {
  public:
    Client(const std::string& host, std::uint16_t port);
    ~Client();
    Reply call(const std::string& method, const std::string& path, const std::string& body = "",
               const std::string& token = "");

  private:
    std::unique_ptr<Poco::Net::HTTPClientSession> session_;
};

class ConnectionReset : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Sends one GET, or whatever bytes, and sees those of the answer as they come.
class RawClient {
  public:
    RawClient(std::uint16_t port, const std::string& path);
    /// Ends its side of the connection after `bytes`.
    static RawClient sending(std::uint16_t port, const std::string& bytes);
    RawClient(RawClient&&) noexcept;
    ~RawClient();

    /// Waits for some bytes; "" when the connection was closed. Throws ConnectionReset.
    std::string read();
    std::string read_all();
    /// Whether there is nothing to read now.
    bool quiet() const;

  private:
    explicit RawClient(std::uint16_t port);
    void send(const std::string& bytes);

    std::unique_ptr<Poco::Net::StreamSocket> socket_;
};

/// A simulation served on a free loopback port.
class Cloud {
  public:
    explicit Cloud(State state = two_servers());

    /// With the token "writer", on a connection of its own; throws like Client.
    Reply call(const std::string& method, const std::string& path, const std::string& body = "",
               const std::string& token = "writer");
    Reply get(const std::string& path) { return call("GET", path); }
    /// Orders a fault and returns its id.
    std::int64_t fault(const nlohmann::json& order);
    nlohmann::json requests() { return get("/_sim/requests").json()["requests"]; }

    std::uint16_t port() const { return port_; }
    HandClock& clock() { return clock_; }
    void stop() { server_.stop(); }

  private:
    HandClock clock_;
    Simulation simulation_;
    HttpServer server_;
    std::uint16_t port_;
};

}  // namespace hcloud::sim::test

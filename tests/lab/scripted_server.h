// A TCP server on loopback that does exactly what a test says, down to the wrong byte or the reset.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hcloud::lab {

/// Runs one script for each connection, on a thread of its own. The destructor cuts all connections
/// and waits for the scripts, so what they refer to must outlive the server.
class ScriptedServer {
  public:
    /// The server's end of one connection; closed when the script returns.
    class Peer {
      public:
        Peer(ScriptedServer& server, int fd) : server_(server), fd_(fd) {}

        /// Reads a request, with as much body as its Content-Length says, and records it. False at
        /// the end.
        bool read_request();
        /// The latest.
        const std::string& request() const { return request_; }
        bool send(std::string_view bytes) const;  // false: the client is gone
        /// Sends byte by byte with `pause` in between, until all is sent or the client is gone.
        void trickle(std::string_view bytes, std::chrono::milliseconds pause) const;
        void reset();       // what returns now sends RST instead of FIN
        void hang() const;  // until the client is gone or the server ends
        /// Is the client's connection to that port of 127.0.0.1, until either goes.
        void relay(std::uint16_t port) const;

      private:
        ScriptedServer& server_;
        int fd_;
        std::string request_;
    };
    using Script = std::function<void(Peer&)>;

    /// The last script serves all connections that follow.
    explicit ScriptedServer(std::vector<Script> scripts);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path = "") const;  // "http://127.0.0.1:PORT" + path
    int connections() const { return connections_; }
    std::size_t open() const;  // connections that the script is still at
    std::vector<std::string> requests() const;

  private:
    void accept_all();
    void serve(int fd, std::size_t number);
    void record(std::string request);

    const std::vector<Script> scripts_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::list<int> open_;
    std::vector<std::thread> workers_;
    std::thread acceptor_;
};

/// Reads a request, sends `bytes` and closes.
ScriptedServer::Script answer(std::string bytes);
/// The same for every request of the connection, which stays open.
ScriptedServer::Script answer_all(std::string bytes);

/// "HTTP/1.1 200 OK" with Content-Length and the body.
std::string http(std::string_view body, std::string_view status = "200 OK",
                 std::string_view headers = "");
/// A 200 in chunks of `size` bytes, with the end that a whole body has.
std::string http_chunked(std::string_view body, std::size_t size);

/// A listener whose queue is full, so that a connect to it neither succeeds nor fails.
class DeafListener {
  public:
    DeafListener();
    ~DeafListener();
    DeafListener(const DeafListener&) = delete;
    DeafListener& operator=(const DeafListener&) = delete;

    std::uint16_t port() const { return port_; }
    /// Whether somebody is waiting for an answer to his SYN.
    bool being_called() const;

  private:
    int listener_ = -1;
    int filler_ = -1;
    std::uint16_t port_ = 0;
};

/// A port of 127.0.0.1 that nobody listens on.
std::uint16_t unused_port();

}  // namespace hcloud::lab

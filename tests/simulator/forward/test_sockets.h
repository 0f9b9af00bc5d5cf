// The two ends of a forwarded connection: a server that says its name and echoes, and a client.
#pragma once

#include "tests/simulator/forward/workers.h"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace Poco::Net {
class StreamSocket;
}

namespace hcloud::sim {
class Listener;
}

namespace hcloud::sim::test {

/// Sends its name in a line, then what it gets, and "bye" when the client has ended.
class Backend {
  public:
    Backend(std::string name, const std::string& address, std::uint16_t port = 8080);
    ~Backend();  // breaks its connections off

  private:
    using Socket = Poco::Net::StreamSocket;
    void serve(Socket socket);

    const std::string name_;
    std::mutex mutex_;
    std::list<Socket> open_;
    std::unique_ptr<Workers> workers_;
    std::unique_ptr<Listener> listener_;
};

/// Waits lab::kPatience at most for whatever it waits for. A read of a connection that is broken
/// off ends like one of a closed connection.
class TcpClient {
  public:
    /// Throws std::exception if nobody listens.
    TcpClient(const std::string& address, std::uint16_t port);
    ~TcpClient();
    TcpClient(TcpClient&&) noexcept;

    /// Up to a newline, which is left out, or the end.
    std::string read_line();
    /// So many bytes, or up to the end.
    std::string read(std::size_t size);
    std::string read_all();
    void send(const std::string& bytes);
    /// Nothing more will be sent.
    void finish();
    /// Whether what it sends comes back.
    bool echoes(const std::string& bytes);

  private:
    std::unique_ptr<Poco::Net::StreamSocket> socket_;
};

}  // namespace hcloud::sim::test

#include "tests/simulator/forward/test_sockets.h"

#include "tests/lab/command.h"
#include "tests/simulator/forward/listener.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/StreamSocket.h>

#include <sys/socket.h>

namespace hcloud::sim::test {

namespace net = Poco::Net;

namespace {

constexpr std::size_t kMostConnections = 64;
constexpr std::size_t kEverything = std::numeric_limits<std::size_t>::max();

void send_to(net::StreamSocket& socket, const std::string& bytes) {
    socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()), MSG_NOSIGNAL);
}

void echo(net::StreamSocket& socket) {
    std::array<char, 4096> bytes{};
    for (int count = 0; (count = socket.receiveBytes(bytes.data(), bytes.size())) > 0;)
        send_to(socket, {bytes.data(), static_cast<std::size_t>(count)});
    send_to(socket, "bye");
}

}  // namespace

Backend::Backend(std::string name, const std::string& address, std::uint16_t port)
    : name_(std::move(name)), workers_(std::make_unique<Workers>(kMostConnections)) {
    listener_ = std::make_unique<Listener>(address, port, [this](const Socket& socket) {
        workers_->start([this, socket] { serve(socket); });
    });
}

Backend::~Backend() {
    listener_.reset();
    {
        const std::lock_guard lock(mutex_);
        for (const Socket& socket : open_)
            ::shutdown(socket.impl()->sockfd(), SHUT_RDWR);
    }
    workers_.reset();
}

void Backend::serve(Socket socket) {
    std::list<Socket>::iterator here;
    {
        const std::lock_guard lock(mutex_);
        here = open_.insert(open_.end(), socket);
    }
    try {
        send_to(socket, name_ + "\n");
        echo(socket);
    } catch (const Poco::Exception&) {
        // A health check has no ear for all this.
    }
    const std::lock_guard lock(mutex_);
    open_.erase(here);
}

TcpClient::TcpClient(const std::string& address, std::uint16_t port)
    : socket_(std::make_unique<net::StreamSocket>(net::SocketAddress(address, port))) {
    socket_->setReceiveTimeout(Poco::Timespan(std::chrono::seconds(lab::kPatience).count(), 0));
}

TcpClient::~TcpClient() = default;
TcpClient::TcpClient(TcpClient&&) noexcept = default;

std::string TcpClient::read_line() {
    std::string line;
    for (std::string next = read(1); !next.empty() && next != "\n"; next = read(1))
        line += next;
    return line;
}

std::string TcpClient::read(std::size_t size) {
    std::string all;
    std::array<char, 4096> bytes{};
    try {
        while (all.size() < size) {
            const std::size_t most = std::min(bytes.size(), size - all.size());
            const int count = socket_->receiveBytes(bytes.data(), static_cast<int>(most));
            if (count <= 0) break;
            all.append(bytes.data(), static_cast<std::size_t>(count));
        }
    } catch (const net::ConnectionResetException&) {
        // The end, too.
    }
    return all;
}

std::string TcpClient::read_all() {
    return read(kEverything);
}

void TcpClient::send(const std::string& bytes) {
    send_to(*socket_, bytes);
}

void TcpClient::finish() {
    socket_->shutdownSend();
}

bool TcpClient::echoes(const std::string& bytes) {
    try {
        send(bytes);
    } catch (const Poco::Exception&) {
        return false;
    }
    return read(bytes.size()) == bytes;
}

}  // namespace hcloud::sim::test

#include "tests/simulator/forward/listener.h"

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SocketAddress.h>

#include <sys/socket.h>

namespace hcloud::sim {

namespace {

namespace net = Poco::Net;

constexpr int kBacklog = 256;

net::ServerSocket bind(const std::string& address, std::int64_t port) {
    net::ServerSocket socket;
    try {
        socket.bind(net::SocketAddress(net::IPAddress(address), static_cast<std::uint16_t>(port)),
                    true, false);
        socket.listen(kBacklog);
    } catch (const Poco::Exception& error) {
        throw std::runtime_error(error.code() != 0 ? std::strerror(error.code())
                                                   : error.displayText());
    }
    return socket;
}

}  // namespace

Listener::Listener(const std::string& address, std::int64_t port, Accepted accepted)
    : socket_(bind(address, port)), accepted_(std::move(accepted)), thread_([this] { run(); }) {}

Listener::~Listener() {
    stopping_ = true;
    ::shutdown(socket_.impl()->sockfd(), SHUT_RD);  // wakes the thread
    thread_.join();
}

void Listener::run() {
    while (!stopping_) {
        try {
            accepted_(socket_.acceptConnection());
        } catch (const Poco::Exception&) {
            // The client has gone already, or there are too many open files: that may pass.
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
}

}  // namespace hcloud::sim

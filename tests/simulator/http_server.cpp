#include "tests/simulator/http_server.h"

#include "tests/simulator/http_exchange.h"

#include <charconv>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

#include <sys/socket.h>

namespace hcloud::sim {

namespace {

namespace net = Poco::Net;

// A kept-alive or hanging connection has a thread of its own.
constexpr int kThreads = HttpServer::kMostConnections;
constexpr int kQueue = 256;
constexpr int kBacklog = 256;

class ExchangeHandler : public net::HTTPRequestHandler {
  public:
    explicit ExchangeHandler(Simulation& simulation) : simulation_(simulation) {}
    void handleRequest(net::HTTPServerRequest& request,
                       net::HTTPServerResponse& response) override {
        exchange(simulation_, request, response);
    }

  private:
    Simulation& simulation_;
};

class Factory : public net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(Simulation& simulation) : simulation_(simulation) {}
    net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
        return new ExchangeHandler(simulation_);  // Poco deletes it
    }

  private:
    Simulation& simulation_;
};

net::HTTPServerParams::Ptr server_params() {
    net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
    params->setMaxThreads(kThreads);
    params->setMaxQueued(kQueue);
    params->setKeepAlive(true);
    params->setKeepAliveTimeout(Poco::Timespan(75, 0));
    params->setTimeout(Poco::Timespan(30, 0));
    return params;
}

net::ServerSocket unbound(const std::optional<TlsFiles>& tls) {
    if (!tls) return {};
    // Asks no client for a certificate of its own.
    const net::Context::Ptr context(new net::Context(
        net::Context::TLS_SERVER_USE, tls->key, tls->certificate, "", net::Context::VERIFY_NONE));
    return net::SecureServerSocket(context);
}

net::ServerSocket bind(const Endpoint& endpoint, const std::optional<TlsFiles>& tls) {
    const net::SocketAddress address(net::IPAddress(endpoint.address), endpoint.port);
    net::ServerSocket socket = unbound(tls);
    // No SO_REUSEPORT, which Poco would set: a second simulator on the same port must fail.
    if (address.family() == net::AddressFamily::IPv6) {
        socket.bind6(address, true, false, true);
    } else {
        socket.bind(address, true, false);
    }
    socket.listen(kBacklog);
    return socket;
}

}  // namespace

std::optional<Endpoint> parse_endpoint(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    net::IPAddress address;
    if (!net::IPAddress::tryParse(host, address)) return std::nullopt;
    if (bracketed != (address.family() == net::AddressFamily::IPv6)) return std::nullopt;
    Endpoint endpoint{host, 0};
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
    if (error != std::errc() || rest != end) return std::nullopt;
    return endpoint;
}

class HttpServer::Listener {
  public:
    Listener(Simulation& simulation, const Endpoint& endpoint, const std::optional<TlsFiles>& tls)
        : pool_(2, kThreads),
          socket_(bind(endpoint, tls)),
          server_(new Factory(simulation), pool_, socket_, server_params()) {
        server_.start();
    }

    std::string url() const {
        return (socket_.secure() ? "https://" : "http://") + socket_.address().toString();
    }

    void stop() {
        // Wakes the thread that accepts, which looks only every 250 ms whether it is to stop.
        ::shutdown(socket_.impl()->sockfd(), SHUT_RD);
        // A connection that is just being accepted misses the first call: repeat it until all are
        // gone.
        while (server_.stopAll(true), server_.currentThreads() > 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        pool_.stopAll();
    }

  private:
    Poco::ThreadPool pool_;
    net::ServerSocket socket_;
    net::HTTPServer server_;
};

HttpServer::HttpServer(Simulation& simulation) : simulation_(simulation) {}

HttpServer::~HttpServer() {
    stop();
}

std::string HttpServer::listen(const Endpoint& endpoint, const std::optional<TlsFiles>& tls) {
    try {
        listeners_.push_back(std::make_unique<Listener>(simulation_, endpoint, tls));
    } catch (const Poco::Exception& error) {
        const std::string reason =
            error.code() != 0 ? std::strerror(error.code()) : error.displayText();
        throw std::runtime_error(fmt::format("cannot listen on {} port {}: {}", endpoint.address,
                                             endpoint.port, reason));
    }
    return listeners_.back()->url();
}

void HttpServer::stop() {
    for (const auto& listener : listeners_)
        listener->stop();
    listeners_.clear();
}

}  // namespace hcloud::sim

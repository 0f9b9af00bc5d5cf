#include "agent/daemon/control_socket.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace hcloud::agent {

namespace {

using nlohmann::json;
using Poco::Net::HTTPResponse;

Poco::Net::SocketAddress unix_address(const std::filesystem::path& path) {
    return {Poco::Net::SocketAddress::UNIX_LOCAL, path.string()};
}

Poco::Net::ServerSocket listen_at(const std::filesystem::path& path) {
    // The caller holds the runtime directory's lock: a socket that is there is a dead daemon's.
    std::error_code error;
    std::filesystem::remove(path, error);
    Poco::Net::ServerSocket socket;
    constexpr int kBacklog = 16;
    socket.bind(unix_address(path), false);
    constexpr mode_t kOwnerAndGroup = 0660;
    if (chmod(path.c_str(), kOwnerAndGroup) != 0) {
        throw std::runtime_error("cannot set the mode of " + path.string());
    }
    socket.listen(kBacklog);
    return socket;
}

}  // namespace

ControlSocket::ControlSocket(sd::Event& event, std::filesystem::path path,
                             ResourceServer::Resources resources)
    : path_(std::move(path)) {
    try {
        server_ = std::make_unique<ResourceServer>(event, listen_at(path_), std::move(resources));
    } catch (const Poco::Exception& error) {
        throw std::runtime_error(
            fmt::format("cannot listen on {}: {}", path_.string(), error.displayText()));
    }
}

ControlSocket::~ControlSocket() {
    server_.reset();
    std::error_code error;
    std::filesystem::remove(path_, error);
}

json ask_control_socket(const std::filesystem::path& path, const std::string& resource,
                        std::chrono::milliseconds limit) {
    if (access(path.c_str(), W_OK) != 0 && errno == EACCES) {
        throw std::system_error(EACCES, std::generic_category(),
                                path.string() + " (reading is for group hcloud-agent)");
    }
    try {
        Poco::Net::StreamSocket socket;
        const Poco::Timespan patience(std::chrono::microseconds(limit).count());
        socket.connect(unix_address(path), patience);
        socket.setReceiveTimeout(patience);  // the session's own is for sockets that it connects
        Poco::Net::HTTPClientSession session(socket);
        Poco::Net::HTTPRequest request("GET", resource, "HTTP/1.1");
        request.setHost("localhost");
        session.sendRequest(request);
        HTTPResponse response;
        std::string body;
        Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
        auto parsed = json::parse(body);
        if (response.getStatus() == HTTPResponse::HTTP_OK) return parsed;
        throw std::runtime_error(
            fmt::format("{}: {}", path.string(), parsed.value("error", response.getReason())));
    } catch (const Poco::Exception& error) {
        throw NotRunning(
            fmt::format("no agent answers at {} ({})", path.string(), error.displayText()));
    } catch (const json::exception& error) {
        throw std::runtime_error(
            fmt::format("{}: the answer is not JSON: {}", path.string(), error.what()));
    }
}

}  // namespace hcloud::agent

#include "agent/daemon/control_socket.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <future>
#include <system_error>
#include <utility>

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace hcloud::agent {

namespace {

using nlohmann::json;
using Poco::Net::HTTPResponse;

// Long against a cycle with thousands of addresses, short against a person's patience.
constexpr std::chrono::seconds kAnswerLimit{2};

struct Shared {
    sd::Event& event;
    std::function<json()> status;
    std::atomic<bool> stopping{false};
};

class Handler : public Poco::Net::HTTPRequestHandler {
  public:
    explicit Handler(Shared& shared) : shared_(shared) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        if (request.getURI() != "/v1/status") {
            return answer(response, HTTPResponse::HTTP_NOT_FOUND, {{"error", "no such resource"}});
        }
        if (request.getMethod() != "GET") {
            return answer(response, HTTPResponse::HTTP_METHOD_NOT_ALLOWED,
                          {{"error", "GET is the only method here"}});
        }
        auto promise = std::make_shared<std::promise<json>>();
        auto result = promise->get_future();
        shared_.event.post([promise, status = shared_.status] { promise->set_value(status()); });
        if (!wait(result)) {
            return answer(response, HTTPResponse::HTTP_SERVICE_UNAVAILABLE,
                          {{"error", "the agent is busy"}});
        }
        answer(response, HTTPResponse::HTTP_OK, result.get());
    }

  private:
    // A loop that has ended never answers: no reason to make the shutdown wait.
    bool wait(const std::future<json>& result) const {
        const auto end = std::chrono::steady_clock::now() + kAnswerLimit;
        while (!shared_.stopping && std::chrono::steady_clock::now() < end) {
            constexpr std::chrono::milliseconds kStep{50};
            if (result.wait_for(kStep) == std::future_status::ready) return true;
        }
        return false;
    }

    static void answer(Poco::Net::HTTPServerResponse& response, HTTPResponse::HTTPStatus status,
                       const json& body) {
        const auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
        response.setStatusAndReason(status);
        response.setContentType("application/json");
        response.sendBuffer(text.data(), text.size());
    }

    Shared& shared_;
};

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(Shared& shared) : shared_(shared) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
        return new Handler(shared_);
    }

  private:
    Shared& shared_;
};

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

Poco::Net::HTTPServerParams::Ptr parameters() {
    Poco::Net::HTTPServerParams::Ptr params(new Poco::Net::HTTPServerParams);
    constexpr int kThreads = 4;
    constexpr int kSeconds = 5;
    params->setMaxThreads(kThreads);
    params->setMaxQueued(kThreads);
    params->setKeepAlive(false);
    params->setTimeout(Poco::Timespan(kSeconds, 0));
    return params;
}

}  // namespace

class ControlSocket::Server {
  public:
    Server(sd::Event& event, const std::filesystem::path& path, std::function<json()> status)
        : shared_{event, std::move(status)},
          path_(path),
          server_(new Factory(shared_), pool_, listen_at(path), parameters()) {
        server_.start();
    }
    ~Server() {
        shared_.stopping = true;
        server_.stopAll(true);
        std::error_code error;
        std::filesystem::remove(path_, error);
        pool_.joinAll();
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

  private:
    Shared shared_;
    std::filesystem::path path_;
    Poco::ThreadPool pool_{1, 5};
    Poco::Net::HTTPServer server_;
};

ControlSocket::ControlSocket(sd::Event& event, const std::filesystem::path& path,
                             std::function<json()> status) {
    try {
        server_ = std::make_unique<Server>(event, path, std::move(status));
    } catch (const Poco::Exception& error) {
        throw std::runtime_error(
            fmt::format("cannot listen on {}: {}", path.string(), error.displayText()));
    }
}

ControlSocket::~ControlSocket() = default;

json ask_control_socket(const std::filesystem::path& path, const std::string& resource) {
    if (access(path.c_str(), W_OK) != 0 && errno == EACCES) {
        throw std::system_error(EACCES, std::generic_category(),
                                path.string() + " (reading is for group hcloud-agent)");
    }
    try {
        Poco::Net::StreamSocket socket;
        socket.connect(unix_address(path));
        Poco::Net::HTTPClientSession session(socket);
        session.setTimeout(Poco::Timespan(std::chrono::seconds(kAnswerLimit * 2).count(), 0));
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
        throw NotRunning(fmt::format("the agent does not answer at {} ({})", path.string(),
                                     error.displayText()));
    } catch (const json::exception& error) {
        throw std::runtime_error(
            fmt::format("{}: the answer is not JSON: {}", path.string(), error.what()));
    }
}

}  // namespace hcloud::agent

#include "agent/daemon/resource_server.h"

#include <atomic>
#include <chrono>
#include <future>
#include <utility>

#include <Poco/AutoPtr.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerConnectionFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServerDispatcher.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using Poco::Net::HTTPResponse;

// Long against a cycle with thousands of addresses, short against a person's patience.
constexpr std::chrono::seconds kAnswerLimit{2};

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

// Poco's HTTPServer, but for its thread that looks four times a second whether it shall end: that
// was most of what an idle agent cost. The loop accepts in its place.
class ResourceServer::Impl {
  public:
    Impl(sd::Event& event, const Poco::Net::ServerSocket& socket, Resources resources);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

  private:
    class Handler;
    class Factory;
    struct Shared {
        sd::Event& event;
        Resources resources;
        std::atomic<bool> stopping{false};
    };

    void accept();

    Shared shared_;
    Poco::ThreadPool pool_{1, 5};
    Poco::Net::ServerSocket socket_;
    Poco::SharedPtr<Factory> factory_;
    Poco::AutoPtr<Poco::Net::TCPServerDispatcher> dispatcher_;
    sd::Source readable_;
};

class ResourceServer::Impl::Handler : public Poco::Net::HTTPRequestHandler {
  public:
    explicit Handler(Shared& shared) : shared_(shared) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        const auto& uri = request.getURI();
        const auto found = shared_.resources.find(uri.substr(0, uri.find('?')));
        if (found == shared_.resources.end()) {
            return refuse(response, HTTPResponse::HTTP_NOT_FOUND, "no such resource");
        }
        if (request.getMethod() != "GET") {
            return refuse(response, HTTPResponse::HTTP_METHOD_NOT_ALLOWED,
                          "GET is the only method here");
        }
        auto promise = std::make_shared<std::promise<std::string>>();
        auto result = promise->get_future();
        shared_.event.post([promise, text = found->second.text] { promise->set_value(text()); });
        if (!wait(result)) {
            return refuse(response, HTTPResponse::HTTP_SERVICE_UNAVAILABLE, "the agent is busy");
        }
        answer(response, HTTPResponse::HTTP_OK, found->second.content_type, result.get());
    }

  private:
    // A loop that has ended never answers: no reason to make the shutdown wait.
    bool wait(const std::future<std::string>& result) const {
        const auto end = std::chrono::steady_clock::now() + kAnswerLimit;
        while (!shared_.stopping && std::chrono::steady_clock::now() < end) {
            constexpr std::chrono::milliseconds kStep{50};
            if (result.wait_for(kStep) == std::future_status::ready) return true;
        }
        return false;
    }

    static void refuse(Poco::Net::HTTPServerResponse& response, HTTPResponse::HTTPStatus status,
                       const char* why) {
        answer(response, status, "application/json", fmt::format(R"({{"error":"{}"}})", why));
    }

    static void answer(Poco::Net::HTTPServerResponse& response, HTTPResponse::HTTPStatus status,
                       const std::string& content_type, const std::string& text) {
        response.setStatusAndReason(status);
        response.setContentType(content_type);
        response.sendBuffer(text.data(), text.size());
    }

    Shared& shared_;
};

class ResourceServer::Impl::Factory : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(Shared& shared) : shared_(shared) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest&) override {
        return new Handler(shared_);
    }
    /// Ends the connections that are open.
    void end_connections() { serverStopped(this, true); }

  private:
    Shared& shared_;
};

ResourceServer::Impl::Impl(sd::Event& event, const Poco::Net::ServerSocket& socket,
                           Resources resources)
    : shared_{event, std::move(resources)},
      socket_(socket),
      factory_(new Factory(shared_)),
      dispatcher_(new Poco::Net::TCPServerDispatcher(
          new Poco::Net::HTTPServerConnectionFactory(parameters(), factory_), pool_,
          parameters())) {
    socket_.setBlocking(false);  // whoever knocked may be gone again
    readable_ = event.on_readable(socket_.impl()->sockfd(), [this] { accept(); });
}

ResourceServer::Impl::~Impl() {
    shared_.stopping = true;
    readable_ = {};
    dispatcher_->stop();
    factory_->end_connections();
    pool_.joinAll();
}

void ResourceServer::Impl::accept() {
    try {
        auto connection = socket_.acceptConnection();
        connection.setBlocking(true);
        dispatcher_->enqueue(connection);
    } catch (const Poco::Exception&) {
        // Gone before it was accepted; or there is no descriptor to be had: the next readiness
        // tries again.
    }
}

ResourceServer::ResourceServer(sd::Event& event, const Poco::Net::ServerSocket& socket,
                               Resources resources)
    : impl_(std::make_unique<Impl>(event, socket, std::move(resources))) {}

ResourceServer::~ResourceServer() = default;

}  // namespace hcloud::agent

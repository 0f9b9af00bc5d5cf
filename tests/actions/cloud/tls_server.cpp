#include "tests/actions/cloud/tls_server.h"

#include <array>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <Poco/Timespan.h>

#include <signal.h>

namespace hcloud::cloud {

namespace {

using Poco::Net::Context;

const Poco::Timespan kPatience(0, 20000);  // how long until it looks whether it is to end

Context::Ptr context_for(const TlsServer::Options& options) {
    Context::Params params;
    params.certificateFile = options.certificate_file;
    params.privateKeyFile = options.key_file;
    params.verificationMode = Context::VERIFY_NONE;
    params.cipherList = "ALL:@SECLEVEL=0";  // without it OpenSSL 3 serves no TLS 1.1 at all
    Context::Ptr context(new Context(Context::TLS_SERVER_USE, params));
    if (options.only_tls_1_1)
        context->disableProtocols(Context::PROTO_TLSV1_2 | Context::PROTO_TLSV1_3);
    return context;
}

}  // namespace

class TlsServer::Listener {
  public:
    explicit Listener(const Options& options)
        : socket_(Poco::Net::SocketAddress("127.0.0.1", 0), 8, context_for(options)) {}
    Poco::Net::SecureServerSocket& socket() { return socket_; }

  private:
    Poco::Net::SecureServerSocket socket_;
};

TlsServer::TlsServer(Options options)
    : options_(std::move(options)), listener_(std::make_unique<Listener>(options_)) {
    thread_ = std::thread([this] { run(); });
}

TlsServer::~TlsServer() {
    ending_ = true;
    thread_.join();
}

std::uint16_t TlsServer::port() const {
    return listener_->socket().address().port();
}

void TlsServer::run() {
    sigset_t pipe;  // a client that goes away must not end the test
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (!ending_) {
        if (!listener_->socket().poll(kPatience, Poco::Net::Socket::SELECT_READ)) continue;
        try {
            auto client = listener_->socket().acceptConnection();
            ++connections_;
            serve(client);
        } catch (const Poco::Exception&) {
            continue;  // the client did not trust us, or went away: what the test is about
        }
    }
}

void TlsServer::serve(Poco::Net::StreamSocket& client) {
    std::array<char, 4096> buffer{};
    for (int i = 0; i < options_.answers_a_connection; ++i) {
        std::string request;
        while (!request.ends_with("\r\n\r\n")) {
            while (client.available() == 0 &&
                   !client.poll(kPatience, Poco::Net::Socket::SELECT_READ)) {
                if (ending_) return;
            }
            const int count = client.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            if (count <= 0) return;
            request.append(buffer.data(), static_cast<std::size_t>(count));
        }
        ++requests_;
        do {
            client.sendBytes(options_.answer.data(), static_cast<int>(options_.answer.size()));
        } while (options_.without_end && !ending_);
    }
}

}  // namespace hcloud::cloud

#include "metadata/connection.h"

#include "metadata/text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/NetException.h>
#include <Poco/Timespan.h>
#include <Poco/URI.h>
#include <fmt/format.h>

namespace hcloud::metadata {

namespace {

constexpr int kMaxHeaderFields = 100;

Poco::Timespan timespan(std::chrono::milliseconds duration) {
    return {static_cast<Poco::Timespan::TimeDiff>(std::chrono::microseconds(duration).count())};
}

Poco::URI parse_endpoint(const std::string& endpoint) {
    const auto refuse = [&] {
        return std::invalid_argument("metadata endpoint " + in_quotes(endpoint) +
                                     " is not an http:// URL without user, query and fragment");
    };
    try {
        Poco::URI uri(endpoint);
        const bool plain =
            uri.getUserInfo().empty() && uri.getRawQuery().empty() && uri.getFragment().empty();
        if (uri.getScheme() != "http" || uri.getHost().empty() || uri.getPort() == 0 || !plain) {
            throw refuse();
        }
        return uri;
    } catch (const Poco::Exception&) {
        throw refuse();
    }
}

/// The one place where Poco's exceptions get their meaning, once a connection stands.
Failure failure_of(const Poco::Exception& error, std::chrono::milliseconds io_timeout) {
    if (dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr) {
        return {ErrorKind::timeout, fmt::format("no answer within {} ms", io_timeout.count())};
    }
    if (dynamic_cast<const Poco::Net::NoMessageException*>(&error) != nullptr) {
        return {ErrorKind::broken, "connection closed without an answer"};
    }
    if (dynamic_cast<const Poco::Net::MessageException*>(&error) != nullptr ||
        dynamic_cast<const Poco::SyntaxException*>(&error) != nullptr) {
        return {ErrorKind::broken, "not HTTP: " + printable(error.displayText())};
    }
    if (error.code() > 0) return {ErrorKind::broken, errno_text(error.code())};
    return {ErrorKind::broken, printable(error.displayText())};
}

Failure connect_failure(int error, std::chrono::milliseconds limit) {
    if (error != ETIMEDOUT) return {ErrorKind::unreachable, errno_text(error)};
    return {ErrorKind::unreachable, fmt::format("no connection within {} ms", limit.count())};
}

/// Appends what comes until the end, or until there is more than `limit`.
void read_until(std::istream& stream, std::size_t limit, std::string& body) {
    std::array<char, 16384> buffer{};
    std::streamsize count = buffer.size();
    // A short read was the end: asked again, Poco's chunked stream would wait for another chunk.
    while (count == buffer.size() && body.size() <= limit) {
        // From the buffer itself: the stream would turn exceptions into a mere end.
        count = stream.rdbuf()->sgetn(buffer.data(), buffer.size());
        body.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

}  // namespace

/// Poco's session on a socket of ours. It never connects by itself, never asks a proxy.
class Client::Connection::Session : public Poco::Net::HTTPClientSession {
  public:
    Session(Poco::AutoPtr<WatchedSocket> socket, const Poco::Net::SocketAddress& peer)
        : HTTPClientSession(peer.host().toString(), peer.port(), ProxyConfig{}),
          socket_(std::move(socket)) {
        setKeepAlive(true);
        attachSocket(Poco::Net::StreamSocket(socket_.duplicate()));
    }

    using HTTPSession::buffered;
    WatchedSocket& watched() { return *socket_; }

  protected:
    bool mustReconnect() const override { return false; }
    void connect(const Poco::Net::SocketAddress& /*address*/) override {
        throw Poco::Net::ConnectionResetException("connection lost while sending");
    }

  private:
    Poco::AutoPtr<WatchedSocket> socket_;
};

Client::Connection::Connection(ClientOptions options) : options_(std::move(options)) {
    const auto uri = parse_endpoint(options_.endpoint);
    host_ = uri.getHost();
    port_ = uri.getPort();
    base_path_ = uri.getPathEtc();
    while (base_path_.ends_with('/'))
        base_path_.pop_back();
    while (options_.endpoint.ends_with('/'))
        options_.endpoint.pop_back();
}

Client::Connection::~Connection() = default;

std::string Client::Connection::describe(const std::string& path) const {
    return "GET " + options_.endpoint + path;
}

Reply Client::Connection::get(const std::string& path) {
    const bool reused = session_ != nullptr;
    try {
        return attempt(path);
    } catch (const Failure& failure) {
        if (!reused || !failure.unanswered) throw;
    }
    return attempt(path);
}

Reply Client::Connection::attempt(const std::string& path) {
    Failure failure;
    try {
        if (!interrupt_.triggered()) return exchange(path);
    } catch (const Failure& what) {
        failure = what;
    } catch (const Poco::Exception& error) {
        failure = failure_of(error, options_.io_timeout);
    } catch (...) {
        close();
        throw;
    }
    failure.unanswered = failure.kind == ErrorKind::broken && session_ != nullptr &&
                         session_->watched().received() == 0;
    close();  // whatever it was, the connection is in no known state
    if (interrupt_.triggered()) failure = {ErrorKind::timeout, "cancelled"};
    throw failure;
}

Reply Client::Connection::exchange(const std::string& path) {
    if (!session_) open();
    session_->watched().start_answer();
    Poco::Net::HTTPRequest request(Poco::Net::HTTPRequest::HTTP_GET, base_path_ + path,
                                   Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost(host_, port_);
    request.set("User-Agent", "hcloud-agent");
    session_->sendRequest(request);
    Poco::Net::HTTPResponse response;
    response.setFieldLimit(kMaxHeaderFields);
    std::istream& stream = session_->receiveResponse(response);
    if (session_->watched().ended()) {
        throw Failure{ErrorKind::broken, "connection closed within the header"};
    }
    if (!response.getVersion().starts_with("HTTP/1.")) {
        throw Failure{ErrorKind::broken, "not HTTP: version " + in_quotes(response.getVersion())};
    }
    Reply reply{response.getStatus(), response.getReason(), {}};
    if (reply.status == kOk) reply.body = read_body(stream, response);
    const bool drained = reply.status == kOk || reply.status == kNoContent;
    if (!drained || !response.getKeepAlive() || session_->buffered() > 0) close();
    return reply;
}

/// The whole body or a Failure: of a part nothing may be concluded, and a part of a list is a valid
/// list.
std::string Client::Connection::read_body(std::istream& stream,
                                          const Poco::Net::HTTPResponse& response) {
    const bool chunked = response.getChunkedTransferEncoding();
    if (!chunked && !response.hasContentLength()) {
        throw Failure{ErrorKind::broken,
                      "neither Content-Length nor chunks: a part would look like the whole"};
    }
    const auto promised = chunked ? 0 : response.getContentLength64();
    if (promised < 0) throw Failure{ErrorKind::broken, "not HTTP: negative Content-Length"};
    std::string body;
    auto size = static_cast<std::size_t>(promised);
    if (size <= options_.max_body) read_until(stream, options_.max_body, body);
    size = std::max(size, body.size());
    if (size > options_.max_body) {
        throw Failure{ErrorKind::too_large,
                      fmt::format("body of {}{} bytes, the limit is {}", chunked ? "at least " : "",
                                  size, options_.max_body)};
    }
    if (!chunked && body.size() != size) {
        throw Failure{ErrorKind::broken,
                      fmt::format("truncated: {} of {} bytes", body.size(), size)};
    }
    // Poco ends a chunked body silently wherever the chunks stop making sense.
    const bool whole = !session_->watched().ended() && session_->buffered() == 0 &&
                       session_->watched().received_last("0\r\n\r\n");
    if (chunked && !whole) {
        throw Failure{
            ErrorKind::broken,
            fmt::format("truncated: chunked body breaks off after {} bytes", body.size())};
    }
    return body;
}

void Client::Connection::open() {
    try {
        const Poco::Net::SocketAddress peer(host_, port_);
        auto socket = connect_socket(peer, options_.connect_timeout, interrupt_);
        socket->setReceiveTimeout(timespan(options_.io_timeout));
        socket->setSendTimeout(timespan(options_.io_timeout));
        session_ = std::make_unique<Session>(std::move(socket), peer);
    } catch (const std::system_error& error) {
        throw connect_failure(error.code().value(), options_.connect_timeout);
    } catch (const Poco::Exception& error) {
        throw Failure{ErrorKind::unreachable, printable(error.displayText())};
    }
}

void Client::Connection::close() noexcept {
    session_.reset();
    interrupt_.release();
}

}  // namespace hcloud::metadata

#include "actions/cloud/connection.h"

#include "actions/cloud/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/NetException.h>
#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

constexpr int kMaxHeaderFields = 200;
constexpr std::size_t kShortestSecret = 8;  // real tokens have 64 characters; "test" is a word
constexpr const char* kNobody = "0.0.0.0";
constexpr std::size_t kMaxErrorBody = 64UL * 1024;

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
        return {ErrorKind::broken, "not HTTP: " + error.displayText()};
    }
    if (error.code() > 0) return {ErrorKind::broken, errno_text(error.code())};
    return {ErrorKind::broken, error.displayText()};
}

std::optional<std::int64_t> number_in(const Poco::Net::HTTPResponse& response,
                                      const std::string& header) {
    const auto text = response.get(header, "");
    std::int64_t number = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc{} || end != last || number < 0) return std::nullopt;
    return number;
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

/// Poco's session on a socket of ours, plain or TLS. It never connects by itself, never asks a
/// proxy. Poco resolves a host before it calls connect(), so it gets one that needs no resolution.
class Client::Connection::Session : public Poco::Net::HTTPClientSession {
  public:
    explicit Session(const Poco::Net::StreamSocket& connected)
        : HTTPClientSession(kNobody, HTTP_PORT, ProxyConfig{}) {
        setKeepAlive(true);
        attachSocket(connected);
    }

    using HTTPSession::buffered;

  protected:
    bool mustReconnect() const override { return false; }
    void connect(const Poco::Net::SocketAddress& /*address*/) override {
        throw Poco::Net::ConnectionResetException("connection lost while sending");
    }
};

Client::Connection::Connection(ClientOptions options, const Token& token)
    : options_(std::move(options)),
      token_(token),
      endpoint_(parse_endpoint(options_.endpoint)),
      dialer_(endpoint_, {options_.ca_file, options_.connect_timeout, options_.io_timeout}) {}

Client::Connection::~Connection() {
    close();
}

std::string Client::Connection::describe(const std::string& path) const {
    return "GET " + endpoint_.url + path;
}

std::string Client::Connection::without_token(std::string text) const {
    static const std::string kInstead = "[token]";
    if (token_.reveal().size() < kShortestSecret) return text;
    for (auto at = text.find(token_.reveal()); at != std::string::npos;
         at = text.find(token_.reveal(), at + kInstead.size())) {
        text.replace(at, token_.reveal().size(), kInstead);
    }
    return text;
}

Reply Client::Connection::get(const std::string& path) {
    const SigpipeBlock guard;
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
    failure.unanswered =
        failure.kind == ErrorKind::broken && session_ != nullptr && traffic_.received() == 0;
    close();  // whatever it was, the connection is in no known state
    if (interrupt_.triggered()) failure = {ErrorKind::timeout, "cancelled"};
    throw failure;
}

void Client::Connection::send(const std::string& path) {
    traffic_.start_answer();
    Poco::Net::HTTPRequest request(Poco::Net::HTTPRequest::HTTP_GET, endpoint_.path + path,
                                   Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost(endpoint_.host, endpoint_.port);
    request.set("User-Agent", options_.user_agent);
    request.set("Accept", "application/json");
    if (!token_.empty()) request.set("Authorization", "Bearer " + token_.reveal());
    session_->sendRequest(request);
}

Reply Client::Connection::exchange(const std::string& path) {
    if (!session_) session_ = std::make_unique<Session>(dialer_.dial(interrupt_, traffic_));
    send(path);
    Poco::Net::HTTPResponse response;
    response.setFieldLimit(kMaxHeaderFields);
    std::istream& stream = session_->receiveResponse(response);
    if (traffic_.ended()) {
        throw Failure{ErrorKind::broken, "connection closed within the header"};
    }
    if (!response.getVersion().starts_with("HTTP/1.")) {
        throw Failure{ErrorKind::broken, "not HTTP: version " + in_quotes(response.getVersion())};
    }
    note_rate_limit(response);
    Reply reply{response.getStatus(),
                response.getReason(),
                response.getContentType(),
                response.get("x-correlation-id", ""),
                {}};
    const bool good = reply.status >= 200 && reply.status < 300;
    reply.body = good ? read_body(stream, response) : read_error_body(stream);
    // After an error the body may be incomplete; that is rare enough to start afresh.
    if (!good || !response.getKeepAlive() || session_->buffered() > 0) close();
    return reply;
}

void Client::Connection::note_rate_limit(const Poco::Net::HTTPResponse& response) {
    const auto limit = number_in(response, "ratelimit-limit");
    const auto remaining = number_in(response, "ratelimit-remaining");
    if (limit && remaining) rate_limit_ = RateLimit{*limit, *remaining};
}

/// The whole body or a Failure.
std::string Client::Connection::read_body(std::istream& stream,
                                          const Poco::Net::HTTPResponse& response) {
    const bool chunked = response.getChunkedTransferEncoding();
    if (response.getStatus() == Poco::Net::HTTPResponse::HTTP_NO_CONTENT) return {};
    if (!chunked && !response.hasContentLength()) {
        throw Failure{ErrorKind::broken,
                      "neither Content-Length nor chunks: a part would look like the whole"};
    }
    const auto promised = chunked ? 0 : response.getContentLength64();
    if (promised < 0) throw Failure{ErrorKind::broken, "not HTTP: negative Content-Length"};
    const auto size = static_cast<std::size_t>(promised);
    std::string body;
    if (size <= options_.max_body) read_until(stream, options_.max_body, body);
    if (const auto most = std::max(size, body.size()); most > options_.max_body) {
        throw Failure{ErrorKind::too_large,
                      fmt::format("body of {}{} bytes, the limit is {}", chunked ? "at least " : "",
                                  most, options_.max_body)};
    }
    if (!chunked && body.size() != size) {
        throw Failure{ErrorKind::broken,
                      fmt::format("truncated: {} of {} bytes", body.size(), size)};
    }
    // Poco ends a chunked body silently wherever the chunks stop making sense.
    const bool whole =
        !traffic_.ended() && session_->buffered() == 0 && traffic_.received_last("0\r\n\r\n");
    if (chunked && !whole) {
        throw Failure{
            ErrorKind::broken,
            fmt::format("truncated: chunked body breaks off after {} bytes", body.size())};
    }
    return body;
}

/// As much as comes: the status says the essential, the body only explains it.
std::string Client::Connection::read_error_body(std::istream& stream) {
    std::string body;
    try {
        read_until(stream, std::min(options_.max_body, kMaxErrorBody), body);
    } catch (const Poco::Exception&) {
        return body;
    }
    return body;
}

void Client::Connection::close() noexcept {
    const SigpipeBlock guard;  // TLS says good-bye
    session_.reset();
    interrupt_.release();
}

}  // namespace hcloud::cloud

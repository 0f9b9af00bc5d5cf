#include "actions/cloud/session.h"

#include "actions/cloud/text.h"

#include <algorithm>
#include <array>

#include <Poco/Net/NetException.h>
#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

constexpr int kMaxHeaderFields = 200;
// Poco resolves a host before it calls connect(), so it gets one that needs no resolution.
constexpr const char* kNobody = "0.0.0.0";

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

Failure broken(std::string detail) {
    return {ErrorKind::broken, std::move(detail)};
}

Failure too_large(std::size_t size, std::size_t limit, bool chunked) {
    const char* at_least = chunked ? "at least " : "";
    return {ErrorKind::too_large,
            fmt::format("body of {}{} bytes, the limit is {}", at_least, size, limit), false,
            ErrorClass::our_fault};
}

}  // namespace

std::string text_of(const Poco::Exception& error) {
    if (dynamic_cast<const Poco::Net::NoMessageException*>(&error) != nullptr) {
        return "connection closed without an answer";
    }
    if (dynamic_cast<const Poco::Net::MessageException*>(&error) != nullptr ||
        dynamic_cast<const Poco::SyntaxException*>(&error) != nullptr) {
        return "not HTTP: " + error.displayText();
    }
    return error.code() > 0 ? errno_text(error.code()) : error.displayText();
}

Session::Session(const Poco::Net::StreamSocket& connected, Traffic& traffic)
    : HTTPClientSession(kNobody, HTTP_PORT, ProxyConfig{}), traffic_(traffic) {
    setKeepAlive(true);
    attachSocket(connected);
}

void Session::connect(const Poco::Net::SocketAddress& /*address*/) {
    throw Poco::Net::ConnectionResetException("connection lost while sending");
}

std::istream& Session::receive_header(Poco::Net::HTTPResponse& response) {
    response.setFieldLimit(kMaxHeaderFields);
    std::istream& stream = receiveResponse(response);
    if (traffic_.ended()) throw broken("connection closed within the header");
    if (!response.getVersion().starts_with("HTTP/1.")) {
        throw broken("not HTTP: version " + in_quotes(response.getVersion()));
    }
    return stream;
}

Body Session::receive_body(std::istream& stream, const Poco::Net::HTTPResponse& response,
                           std::size_t limit) {
    Body body;
    if (response.getStatus() == Poco::Net::HTTPResponse::HTTP_NO_CONTENT) return body;
    const bool chunked = response.getChunkedTransferEncoding();
    const bool sized = response.hasContentLength();
    const auto promised = chunked || !sized ? 0 : response.getContentLength64();
    const auto size = static_cast<std::size_t>(std::max<std::int64_t>(promised, 0));
    if (size <= limit) read_until(stream, limit, body.text);
    const auto most = std::max(size, body.text.size());
    // Poco ends a chunked body silently wherever the chunks stop making sense.
    const bool whole = !traffic_.ended() && buffered() == 0 && traffic_.received_last("0\r\n\r\n");
    if (promised < 0) {
        body.problem = broken("not HTTP: negative Content-Length");
    } else if (!chunked && !sized) {
        body.problem =
            broken("neither Content-Length nor chunks: a part would look like the whole");
    } else if (most > limit) {
        body.problem = too_large(most, limit, chunked);
    } else if (!chunked && body.text.size() != size) {
        body.problem = broken(fmt::format("truncated: {} of {} bytes", body.text.size(), size));
    } else if (chunked && !whole) {
        body.problem = broken(
            fmt::format("truncated: chunked body breaks off after {} bytes", body.text.size()));
    }
    return body;
}

}  // namespace hcloud::cloud

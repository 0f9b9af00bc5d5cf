#include "tests/simulator/http_exchange.h"

#include <sstream>

#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/String.h>
#include <Poco/URI.h>

namespace hcloud::sim {

namespace {

namespace net = Poco::Net;

constexpr std::size_t kMaxBody = std::size_t{8} * 1024 * 1024;
constexpr int kNoAnswer = 0;

/// Closes the entry in the log with what has become of the request, also when the client has left.
class LogEntry {
  public:
    /// `request` may get its body later.
    LogEntry(RequestLog& log, const Request& request)
        : log_(Simulation::is_admin(request.path) ? nullptr : &log), request_(request) {
        if (log_ != nullptr) ticket_ = log_->begin(request);
    }
    ~LogEntry() {
        if (log_ != nullptr) log_->end(ticket_, status_, request_.body);
    }
    LogEntry(const LogEntry&) = delete;
    LogEntry& operator=(const LogEntry&) = delete;
    void answered(int status) { status_ = status; }

  private:
    RequestLog* log_;
    const Request& request_;
    RequestLog::Ticket ticket_;
    int status_ = kNoAnswer;
};

/// An exchange with one client: sends answers, right or wrong.
class Exchange {
  public:
    Exchange(net::HTTPServerRequest& request, net::HTTPServerResponse& response)
        : socket_(dynamic_cast<net::HTTPServerRequestImpl&>(request).socket()),
          response_(response) {}

    void send(const Response& answer) {
        prepare(answer);
        if (answer.status == net::HTTPResponse::HTTP_NO_CONTENT) {
            response_.send();  // has neither a body nor a Content-Length
        } else {
            response_.sendBuffer(answer.body.data(), answer.body.size());
        }
    }

    /// False when nothing was sent.
    bool play(const Fault& fault, const Response& answer) {
        switch (fault.kind) {
            case FaultKind::answer:
            case FaultKind::patch:
                send(answer);
                return true;
            case FaultKind::delay:
                return delay(fault, answer);
            case FaultKind::trickle:
                return trickle(fault, render(answer));
            case FaultKind::truncate:
                return truncate(fault, answer);
            case FaultKind::hang:
                wait(fault, std::nullopt);
                return close();
            case FaultKind::reset:
                socket_.setLinger(true, 0);
                return close();
        }
        return close();
    }

  private:
    void prepare(const Response& answer) {
        response_.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(answer.status));
        for (const auto& [name, value] : answer.headers)
            response_.set(name, value);
        if (answer.status == net::HTTPResponse::HTTP_NO_CONTENT) return;
        if (!answer.content_type.empty()) response_.setContentType(answer.content_type);
        response_.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
    }

    std::string render(const Response& answer) {
        prepare(answer);
        std::ostringstream text;
        response_.write(text);
        return text.str() + answer.body;
    }

    Wake wait(const Fault& fault, std::optional<std::chrono::milliseconds> limit) {
        return fault.removed.wait(socket_.impl()->sockfd(), limit);
    }

    bool delay(const Fault& fault, const Response& answer) {
        if (wait(fault, fault.interval) == Wake::client_left) return close();
        send(answer);
        return true;
    }

    bool truncate(const Fault& fault, const Response& answer) {
        const std::string text = render(answer);
        const std::size_t head = text.size() - answer.body.size();
        write(text.substr(0, head + std::min(fault.bytes, answer.body.size())));
        close();
        return true;
    }

    bool trickle(const Fault& fault, const std::string& text) {
        close();
        for (std::size_t sent = 0; sent < text.size();) {
            const Wake wake =
                wait(fault, sent == 0 ? std::chrono::milliseconds(0) : fault.interval);
            if (wake == Wake::client_left) return sent > 0;
            const std::size_t count = wake == Wake::set ? text.size() - sent : 1;
            write(text.substr(sent, count));
            sent += count;
        }
        return true;
    }

    void write(const std::string& bytes) {
        for (std::size_t sent = 0; sent < bytes.size();) {
            const int count =
                socket_.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent));
            sent += static_cast<std::size_t>(count);
        }
    }

    /// Poco closes the connection when the handler returns; says that nothing was sent.
    bool close() {
        response_.setKeepAlive(false);
        return false;
    }

    net::StreamSocket& socket_;
    net::HTTPServerResponse& response_;
};

/// A request without Content-Length has no body (curl -X POST): Poco would read until the client
/// closes.
std::string read_body(net::HTTPServerRequest& request) {
    if (!request.hasContentLength() && !request.getChunkedTransferEncoding()) return {};
    std::string body;
    char chunk[8192];
    while (request.stream().read(chunk, sizeof chunk), request.stream().gcount() > 0) {
        body.append(chunk, static_cast<std::size_t>(request.stream().gcount()));
        if (body.size() > kMaxBody)
            throw ApiError(413, "invalid_input", "the request body is too large");
    }
    if (request.hasContentLength() &&
        body.size() != static_cast<std::size_t>(request.getContentLength64())) {
        throw ApiError(400, "invalid_input", "the request body ends before its Content-Length");
    }
    return body;
}

std::string source_of(const net::HTTPServerRequest& request) {
    static const std::string kMapped = "::ffff:";  // an IPv4 client of an IPv6 socket
    std::string source = request.clientAddress().host().toString();
    const bool mapped = source.rfind(kMapped, 0) == 0 && source.find('.') != std::string::npos;
    return mapped ? source.substr(kMapped.size()) : source;
}

Request read_head(const net::HTTPServerRequest& from) {
    Request request;
    request.scheme = from.secure() ? "https" : "http";
    request.method = from.getMethod();
    request.source = source_of(from);
    request.path = from.getURI();
    for (const auto& [name, value] : from)
        request.headers[Poco::toLower(name)] = value;
    return request;
}

/// False if the path is no URI; it stays as it came, then.
bool read_uri(Request& request) try {
    const Poco::URI uri(request.path);
    request.path = uri.getPath();
    request.query = uri.getQueryParameters();
    return true;
} catch (const Poco::SyntaxException&) {
    return false;
}

Response answer_for(Simulation& simulation, const Fault* fault, const Request& request) {
    if (fault == nullptr) return simulation.answer(request);
    switch (fault->kind) {
        case FaultKind::answer:
            return fault->answer;
        case FaultKind::hang:
        case FaultKind::reset:
            return {};
        case FaultKind::patch:
            return simulation.answer(request, fault->patch);
        default:
            return simulation.answer(request);
    }
}

}  // namespace

void exchange(Simulation& simulation, net::HTTPServerRequest& from, net::HTTPServerResponse& to) {
    Exchange exchange(from, to);
    Request request = read_head(from);
    const bool sound = read_uri(request);
    LogEntry entry(simulation.log(), request);
    try {
        if (!sound) throw ApiError(400, "invalid_input", "the request's path is no URI");
        request.body = read_body(from);
        std::shared_ptr<const Fault> fault;
        if (!Simulation::is_admin(request.path)) {
            fault = simulation.faults().match(request.method, request.path);
        }
        const Response answer = answer_for(simulation, fault.get(), request);
        if (fault == nullptr) {
            exchange.send(answer);
            entry.answered(answer.status);
        } else if (exchange.play(*fault, answer)) {
            entry.answered(answer.status);
        }
    } catch (const ApiError& error) {
        to.setKeepAlive(false);  // what is left of the request has not been read
        exchange.send(error.response());
        entry.answered(error.response().status);
    }
}

}  // namespace hcloud::sim

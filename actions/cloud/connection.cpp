#include "actions/cloud/connection.h"

#include "actions/cloud/text.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

using SteadyTime = std::chrono::steady_clock;

// Shorter ones are words and parts of words; real tokens have 64 characters.
constexpr std::size_t kShortestToken = 8;
constexpr std::size_t kShortestPassword = 4;
constexpr std::size_t kMaxErrorBody = 64UL * 1024;

std::optional<std::int64_t> number_in(const Poco::Net::HTTPResponse& response,
                                      const std::string& header) {
    const auto text = response.get(header, "");
    std::int64_t number = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc{} || end != last || number < 0) return std::nullopt;
    return number;
}

std::optional<RateLimit> rate_limit_in(const Poco::Net::HTTPResponse& response) {
    const auto limit = number_in(response, "ratelimit-limit");
    const auto remaining = number_in(response, "ratelimit-remaining");
    if (!limit || !remaining) return std::nullopt;
    return RateLimit{*limit, *remaining};
}

std::optional<Timestamp> date_in(const Poco::Net::HTTPResponse& response) {
    Poco::DateTime date;
    int offset = 0;
    if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, response.get("Date", ""),
                                        date, offset)) {
        return std::nullopt;
    }
    return std::chrono::system_clock::from_time_t(date.timestamp().epochTime());
}

/// As much as comes: the status says the essential, the body only explains it.
Body receive_error_body(Session& session, std::istream& stream,
                        const Poco::Net::HTTPResponse& response, std::size_t limit) {
    try {
        return session.receive_body(stream, response, limit);
    } catch (const Poco::Exception& error) {
        return {{}, Failure{ErrorKind::broken, error.displayText()}};
    }
}

/// What must not be seen where a server or proxy echoes it.
void take_out(const std::string& secret, std::size_t shortest, std::string& text) {
    static const std::string kInstead = "[token]";
    if (secret.size() < shortest) return;
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kInstead.size())) {
        text.replace(at, secret.size(), kInstead);
    }
}

std::optional<Proxy> proxy_of(const Endpoint& endpoint, const ProxySettings& settings) {
    // Plain HTTP is for loopback alone, where no proxy leads.
    return endpoint.secure ? proxy_for(endpoint.host, settings) : std::nullopt;
}

}  // namespace

Connection::Connection(ClientOptions options, const Token& token)
    : options_(std::move(options)),
      token_(token),
      endpoint_(parse_endpoint(options_.endpoint)),
      proxy_(proxy_of(endpoint_, options_.proxy)),
      dialer_(endpoint_, proxy_,
              {options_.ca_file, options_.user_agent, options_.name_timeout,
               options_.connect_timeout}) {}

Connection::~Connection() {
    close();
}

std::string Connection::without_secrets(std::string text) const {
    take_out(token_.reveal(), kShortestToken, text);
    if (proxy_) {
        // "Basic …"
        const auto coded = proxy_->authorization.substr(proxy_->authorization.find(' ') + 1);
        take_out(coded, kShortestToken, text);
        take_out(proxy_->password, kShortestPassword, text);
    }
    return text;
}

Reply Connection::exchange(const Request& request, TimePoint deadline) {
    const SigpipeBlock guard;
    const auto body = request.body ? request.body->dump() : std::string();
    patience_.set(deadline, options_.io_timeout);
    const bool stale = session_ && SteadyTime::now() - used_ > options_.idle_timeout;
    if (session_ && (stale || !tcp_->quiet())) close();
    const bool reused = session_ != nullptr;
    try {
        return attempt(request, body);
    } catch (const Failure& failure) {
        if (!reused || !unanswered_ || request.method != "GET") throw;
    }
    return attempt(request, body);
}

Reply Connection::attempt(const Request& request, const std::string& body) {
    Failure failure;
    sent_ = unanswered_ = false;
    try {
        if (!patience_.cancelled()) return send_and_receive(request, body);
    } catch (const Failure& what) {
        failure = what;
    } catch (const Poco::Exception& error) {
        failure = failure_of(error);
    } catch (...) {
        close();
        throw;
    }
    unanswered_ = sent_ && failure.kind == ErrorKind::broken && traffic_.received() == 0;
    close();  // whatever it was, the connection is in no known state
    if (patience_.cancelled()) {
        failure = {ErrorKind::timeout, "cancelled", false, ErrorClass::retry_later};
    }
    failure.sent = sent_;
    throw failure;
}

Failure Connection::failure_of(const Poco::Exception& error) const {
    if (dynamic_cast<const Poco::TimeoutException*>(&error) != nullptr) {
        const auto idle = fmt::format("no answer within {} ms", options_.io_timeout.count());
        return {ErrorKind::timeout, patience_.over() ? "no complete answer in time" : idle};
    }
    return {ErrorKind::broken, text_of(error)};
}

void Connection::connect() {
    auto line = dialer_.dial(patience_, traffic_);
    tcp_ = std::move(line.tcp);
    session_ =
        std::make_unique<Session>(Poco::Net::StreamSocket(line.stream.duplicate()), traffic_);
    patience_.set(patience_.deadline(), options_.io_timeout);
}

void Connection::send(const Request& request, const std::string& body) {
    traffic_.start_answer();
    Poco::Net::HTTPRequest header(request.method, endpoint_.path + request.path,
                                  Poco::Net::HTTPMessage::HTTP_1_1);
    header.setHost(endpoint_.host, endpoint_.port);
    header.set("User-Agent", options_.user_agent);
    header.set("Accept", "application/json");
    if (!token_.empty()) header.set("Authorization", "Bearer " + token_.reveal());
    if (request.body) header.setContentType("application/json");
    // Without it Poco would end the body of a DELETE by closing the connection.
    if (request.method != "GET") header.setContentLength64(static_cast<std::int64_t>(body.size()));
    sent_ = true;
    session_->sendRequest(header) << body;
}

Reply Connection::send_and_receive(const Request& request, const std::string& body) {
    if (!session_) connect();
    send(request, body);
    Poco::Net::HTTPResponse response;
    std::istream& stream = session_->receive_header(response);
    Reply reply{response.getStatus(),
                response.getReason(),
                response.getContentType(),
                response.get("x-correlation-id", ""),
                rate_limit_in(response),
                date_in(response),
                {}};
    const bool good = reply.status >= 200 && reply.status < 300;
    const auto limit = good ? options_.max_body : std::min(options_.max_body, kMaxErrorBody);
    auto answer = good ? session_->receive_body(stream, response, limit)
                       : receive_error_body(*session_, stream, response, limit);
    if (good && answer.problem) throw Failure(*std::move(answer.problem));
    if (answer.problem || !response.getKeepAlive() || session_->buffered() > 0) close();
    used_ = SteadyTime::now();
    reply.body = std::move(answer.text);
    return reply;
}

void Connection::close() noexcept {
    const SigpipeBlock guard;  // TLS says good-bye
    session_.reset();
    tcp_.reset();
}

}  // namespace hcloud::cloud

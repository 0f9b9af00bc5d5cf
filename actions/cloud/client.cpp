#include "actions/cloud/client.h"

#include "actions/cloud/answer.h"
#include "actions/cloud/connection.h"
#include "actions/cloud/retry.h"
#include "actions/cloud/text.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

constexpr int kTooManyRequests = 429;

bool changes(const Request& request) {
    return request.method != "GET";
}

void require_path(const std::string& path) {
    if (!is_path(path)) throw std::invalid_argument("API path " + in_quotes(path) + " is not one");
}

}  // namespace

bool is_path(const std::string& text) {
    return text.starts_with('/') &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::unique_ptr<Transport> make_transport(ClientOptions options, const Token& token) {
    return std::make_unique<Connection>(std::move(options), token);
}

Client::Client(const ClientOptions& options, const Token& token)
    : own_clock_(std::make_unique<SteadyClock>()),
      clock_(*own_clock_),
      transport_(make_transport(options, token)),
      seeds_(std::random_device{}()),
      budget_(options.reserve_percent) {}

Client::Client(std::unique_ptr<Transport> transport, Clock& clock, std::uint32_t seed,
               int reserve_percent)
    : clock_(clock), transport_(std::move(transport)), seeds_(seed), budget_(reserve_percent) {}

Client::~Client() = default;

Error Client::make_error(const Request& request, Error::Details details) const {
    const auto clean = [this](const std::string& text, std::size_t limit) {
        return printable(transport_->without_secrets(text), limit);
    };
    details.request = clean(request.method + " " + transport_->url() + request.path, 500);
    details.code = clean(details.code, 60);
    details.message = clean(details.message, 200);
    details.correlation_id = clean(details.correlation_id, 100);
    details.details = clean(details.details, 4000);
    return Error(std::move(details));
}

Error Client::malformed(const Request& request, const std::string& what) const {
    return make_error(request, {.kind = ErrorKind::malformed,
                                .http_status = 200,
                                .message = what,
                                .outcome_unknown = changes(request)});
}

/// The deadline of a call; of one within another, the earlier.
class Client::Within {
  public:
    Within(Client& client, std::chrono::milliseconds limit)
        : deadline_(client.deadline_), before_(client.deadline_) {
        deadline_ = std::min(before_, client.clock_.now() + limit);
    }
    ~Within() { deadline_ = before_; }
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

  private:
    TimePoint& deadline_;
    const TimePoint before_;
};

json Client::call(const Request& request, const CallOptions& options) {
    require_path(request.path);
    const Within within(*this, options.deadline);
    Retries retries(static_cast<std::uint32_t>(seeds_()));
    bool unknown = false;  // whether the API may have done it in an earlier attempt
    for (int attempts = 1;; ++attempts) {
        try {
            return attempt(request, options.priority);
        } catch (const Error& latest) {
            unknown |= latest.outcome_unknown();
            auto details = latest.details();
            details.outcome_unknown = unknown;
            details.attempts = attempts;
            if (unknown && !options.settled) throw Error(std::move(details));
            const bool again = options.retry && pause(retries.next(again_after(latest)), options);
            if (unknown) {
                if (auto answer = ask_settled(options, details)) return *std::move(answer);
            }
            if (!again) throw Error(std::move(details));
        }
    }
}

/// False if there is to be no other attempt, or no time for one, or it was cancelled.
bool Client::pause(std::optional<std::chrono::milliseconds> time, const CallOptions& options) {
    const auto now = clock_.now();
    if (!time || now + *time >= deadline_ || !budget_.allows(options.priority, now)) return false;
    return clock_.sleep_for(*time);
}

std::optional<json> Client::ask_settled(const CallOptions& options, Error::Details details) const {
    try {
        return options.settled();
    } catch (const Error& reading) {
        details.message += fmt::format(" (and to look whether it happened: {})", reading.what());
        throw Error(std::move(details));
    }
}

Reply Client::exchange(const Request& request, Priority priority) {
    if (!budget_.allows(priority, clock_.now())) {
        throw make_error(request, {.kind = ErrorKind::rate_limited,
                                   .message = "not sent: what is left of the rate limit is kept in "
                                              "reserve",
                                   .error_class = ErrorClass::retry_later});
    }
    budget_.note_sent(clock_.now());
    try {
        auto reply = transport_->exchange(request, deadline_);
        if (reply.rate_limit) budget_.note(*reply.rate_limit, clock_.now());
        if (reply.status == kTooManyRequests) budget_.note_refused(clock_.now());
        if (reply.rate_limit) rate_limit_ = reply.rate_limit;
        if (reply.date) server_time_ = reply.date;
        return reply;
    } catch (const Failure& failure) {
        throw make_error(request, {.kind = failure.kind,
                                   .message = failure.detail,
                                   .error_class = failure.error_class,
                                   .outcome_unknown = failure.sent && changes(request),
                                   .stage = failure.stage});
    }
}

json Client::attempt(const Request& request, Priority priority) {
    auto answer = read_answer(exchange(request, priority), changes(request));
    if (auto* document = std::get_if<json>(&answer)) return std::move(*document);
    throw make_error(request, std::get<Error::Details>(std::move(answer)));
}

void Client::cancel() noexcept {
    transport_->cancel();
    clock_.cancel();
}

}  // namespace hcloud::cloud

// The Cloud API client: HTTPS with verification always on, bearer token, blocking.
#pragma once

#include "actions/cloud/clock.h"
#include "actions/cloud/error.h"
#include "actions/cloud/proxy.h"
#include "actions/cloud/rate_budget.h"
#include "actions/cloud/request.h"
#include "actions/cloud/token.h"
#include "actions/cloud/transport.h"
#include "actions/cloud/types.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

struct ClientOptions {
    std::string endpoint = "https://api.hetzner.cloud/v1";
    std::string ca_file;  // an extra trust anchor, PEM; empty for the system's alone
    std::string user_agent = "hcloud-agent";
    // Each below the total deadline that a call gives.
    // A resolver asks its second name server only when the first has been silent for 5 s.
    std::chrono::milliseconds name_timeout{15000};
    std::chrono::milliseconds connect_timeout{5000};  // TCP; again the proxy; again TLS
    std::chrono::milliseconds io_timeout{10000};      // without a byte of the answer
    std::chrono::milliseconds idle_timeout{90000};    // then a kept connection is given up
    ProxySettings proxy;                              // for https:// endpoints
    std::size_t max_body = 8UL * 1024 * 1024;
    int reserve_percent = 20;  // of the rate limit, for essential calls alone
};

/// Whether a request may have it as its path, query included.
bool is_path(const std::string& text);

/// HTTPS to `options.endpoint`. Throws std::invalid_argument on an endpoint that is no https://
/// URL, or an http:// one that is not loopback: the token never crosses a network in clear text.
/// And on a proxy that is not usable.
std::unique_ptr<Transport> make_transport(ClientOptions options, const Token& token);

/// Keeps one connection warm. Everything but cancel() belongs to one thread. Calls throw
/// cloud::Error.
class Client {
  public:
    /// Throws what make_transport() throws.
    Client(const ClientOptions& options, const Token& token);
    /// On another transport and time, and with pauses of that seed; the clock outlives the client.
    Client(std::unique_ptr<Transport> transport, Clock& clock,
           std::uint32_t seed = std::random_device{}(), int reserve_percent = 20);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The JSON object of a 2xx answer; an empty one if a change was answered without a body. Tries
    /// again what may be tried again (error_table.h, retry.h); a change only if the API certainly
    /// did nothing, or if `options.settled` says so. Throws std::invalid_argument if the path is
    /// none.
    nlohmann::json call(const Request& request, const CallOptions& options = {});
    nlohmann::json get(const std::string& path, const CallOptions& options = {}) {
        return call({"GET", path}, options);
    }

    /// Of the latest answer that had one.
    std::optional<RateLimit> rate_limit() const { return rate_limit_; }
    /// The API's clock, in whole seconds, as the latest answer had it in its Date.
    std::optional<Timestamp> server_time() const { return server_time_; }
    /// What this client knows of the project's rate limit. A background call that it does not allow
    /// fails at once, as ErrorKind::rate_limited.
    const RateBudget& budget() const { return budget_; }

    /// From any thread, for good: ends the call under way, and every later one, at once, with an
    /// Error.
    void cancel() noexcept;

    /// The time that deadlines are measured in, and waiting in it; false if cancelled.
    TimePoint now() const { return clock_.now(); }
    bool sleep_for(std::chrono::milliseconds time) { return clock_.sleep_for(time); }

    /// The Error for an answer that is JSON but not what the reader needs: `what` says why.
    Error malformed(const Request& request, const std::string& what) const;

  private:
    class Within;
    nlohmann::json attempt(const Request& request, Priority priority);
    Reply exchange(const Request& request, Priority priority);
    bool pause(std::optional<std::chrono::milliseconds> time, const CallOptions& options);
    std::optional<nlohmann::json> ask_settled(const CallOptions& options,
                                              Error::Details details) const;
    /// Fills in the request and keeps the token, control bytes and long texts out of the rest.
    Error make_error(const Request& request, Error::Details details) const;

    std::unique_ptr<Clock> own_clock_;
    Clock& clock_;
    std::unique_ptr<Transport> transport_;
    std::minstd_rand seeds_;
    RateBudget budget_;
    std::optional<RateLimit> rate_limit_;
    std::optional<Timestamp> server_time_;
    TimePoint deadline_ = TimePoint::max();  // of the call under way
};

}  // namespace hcloud::cloud

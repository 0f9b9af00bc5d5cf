#include "actions/cloud/dialer.h"

#include "actions/cloud/failure.h"
#include "actions/cloud/session.h"
#include "actions/cloud/text.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/StreamSocket.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::cloud {

namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock;

Failure unreachable(Stage stage, std::string detail,
                    ErrorClass error_class = ErrorClass::retry_now) {
    return {ErrorKind::unreachable, std::move(detail), false, error_class, stage};
}

std::string connect_error_text(const Poco::Net::SocketAddress& address, int error) {
    const auto why = error == ETIMEDOUT ? "no connection in time" : errno_text(error);
    return address.host().toString() + ": " + why;
}

std::string no_answer(const Patience& patience) {
    return fmt::format("no answer within {} ms", patience.idle().count());
}

/// A step of its own time-out, within the deadline of the call.
class Step {
  public:
    Step(Patience& patience, milliseconds limit)
        : patience_(patience), whole_(patience.deadline()) {
        begin(limit);
    }
    ~Step() { patience_.set(whole_, patience_.idle()); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

    void begin(milliseconds limit) {
        const auto now = SteadyTime::now();
        const auto left = std::chrono::ceil<milliseconds>(whole_ - now);
        const auto granted = std::clamp(limit, milliseconds(0), std::max(left, milliseconds(0)));
        patience_.set(now + granted, granted);
    }

  private:
    Patience& patience_;
    const TimePoint whole_;
};

Poco::Net::HTTPRequest connect_request(const Endpoint& endpoint, const Proxy& proxy,
                                       const std::string& user_agent) {
    const bool ipv6 = endpoint.host.find(':') != std::string::npos;
    const auto host = ipv6 ? "[" + endpoint.host + "]" : endpoint.host;
    const auto target = fmt::format("{}:{}", host, endpoint.port);
    Poco::Net::HTTPRequest request(Poco::Net::HTTPRequest::HTTP_CONNECT, target,
                                   Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost(target);
    request.set("User-Agent", user_agent);
    if (!proxy.authorization.empty()) request.set("Proxy-Authorization", proxy.authorization);
    return request;
}

/// 5xx: the proxy does not reach the API just now. The rest is about this client.
Failure refused_by_proxy(const Poco::Net::HTTPResponse& response) {
    const int status = response.getStatus();
    return unreachable(
        Stage::proxy,
        fmt::format("proxy: answered CONNECT with {} {}", status, response.getReason()),
        status >= 500 ? ErrorClass::retry_now : ErrorClass::our_fault);
}

bool is_about_certificate(const Poco::Exception& error) {
    return dynamic_cast<const Poco::Net::InvalidCertificateException*>(&error) != nullptr ||
           dynamic_cast<const Poco::Net::CertificateValidationException*>(&error) != nullptr;
}

}  // namespace

Dialer::Dialer(const Endpoint& endpoint, std::optional<Proxy> proxy, Options options)
    : endpoint_(endpoint),
      proxy_(std::move(proxy)),
      options_(std::move(options)),
      resolver_(proxy_ ? proxy_->host : endpoint.host, proxy_ ? proxy_->port : endpoint.port) {}

Line Dialer::dial(Patience& patience, Traffic& traffic) {
    Step step(patience, options_.name_timeout);
    const auto addresses = resolve(patience);
    step.begin(options_.timeout);
    auto tcp = connect_tcp(addresses, patience, traffic);
    if (proxy_) {
        step.begin(options_.timeout);
        open_tunnel(*tcp, patience);
    }
    if (!endpoint_.secure) return {tcp, tcp};
    step.begin(options_.timeout);
    return {tcp, shake_hands(tcp, patience)};
}

std::vector<Poco::Net::SocketAddress> Dialer::resolve(const Patience& patience) try {
    return resolver_.resolve(patience);
} catch (Failure& failure) {
    if (proxy_) failure.detail = "proxy: " + failure.detail;
    throw;
}

Poco::AutoPtr<TcpSocket> Dialer::connect_tcp(const std::vector<Poco::Net::SocketAddress>& addresses,
                                             Patience& patience, Traffic& traffic) {
    const auto deadline = patience.deadline();
    std::vector<std::string> errors;
    for (std::size_t i = 0; i < addresses.size() && !patience.cancelled(); ++i) {
        // A black hole at one address (IPv6 without a route back) leaves time for the others.
        const auto left = std::chrono::ceil<milliseconds>(deadline - SteadyTime::now());
        patience.set(deadline, left / static_cast<int>(addresses.size() - i));
        try {
            return connect_socket(addresses[i], patience, traffic);
        } catch (const std::system_error& error) {
            errors.push_back(connect_error_text(addresses[i], error.code().value()));
        }
    }
    throw unreachable(proxy_ ? Stage::proxy : Stage::connect,
                      fmt::format("{}{}", proxy_ ? "proxy: " : "", fmt::join(errors, "; ")));
}

void Dialer::open_tunnel(TcpSocket& tcp, const Patience& patience) const {
    tcp.duplicate();  // for the session's socket
    Session session(Poco::Net::StreamSocket(&tcp), tcp.traffic());
    Poco::Net::HTTPResponse response;
    try {
        auto request = connect_request(endpoint_, *proxy_, options_.user_agent);
        tcp.traffic().start_answer();
        session.sendRequest(request);
        session.receive_header(response);
    } catch (const Failure& failure) {
        throw unreachable(Stage::proxy, "proxy: " + failure.detail);
    } catch (const Poco::TimeoutException&) {
        throw unreachable(Stage::proxy, "proxy: " + no_answer(patience));
    } catch (const Poco::Exception& error) {
        throw unreachable(Stage::proxy, "proxy: " + text_of(error));
    }
    if (response.getStatus() / 100 != 2) throw refused_by_proxy(response);
    // What comes through the tunnel before the hand-shake has begun is not from the API.
    if (session.buffered() > 0)
        throw unreachable(Stage::proxy, "proxy: sends more than its answer");
    session.detachSocket();
}

Poco::AutoPtr<Poco::Net::StreamSocketImpl> Dialer::shake_hands(Poco::AutoPtr<TcpSocket> tcp,
                                                               const Patience& patience) {
    try {
        if (!tls_) tls_ = std::make_unique<Tls>(options_.ca_file);
        return tls_->connect(std::move(tcp), endpoint_.host);
    } catch (const Poco::TimeoutException&) {
        throw unreachable(Stage::tls, "TLS: " + no_answer(patience));
    } catch (const Poco::Exception& error) {
        const auto refused = tls_ ? tls_->complaint() : std::string();
        const bool ours = !tls_ || !refused.empty() || is_about_certificate(error);
        throw unreachable(ours ? Stage::certificate : Stage::tls,
                          refused.empty() ? "TLS: " + error.displayText()
                                          : "TLS: certificate refused: " + refused,
                          ours ? ErrorClass::our_fault : ErrorClass::retry_now);
    }
}

}  // namespace hcloud::cloud

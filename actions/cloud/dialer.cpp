#include "actions/cloud/dialer.h"

#include "actions/cloud/failure.h"
#include "actions/cloud/text.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/HostEntry.h>
#include <Poco/Timespan.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::cloud {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Failure unreachable(const std::string& detail) {
    return {ErrorKind::unreachable, detail};
}

void set_timeouts(Poco::Net::SocketImpl& socket, milliseconds limit) {
    const Poco::Timespan timeout(std::chrono::microseconds(limit).count());
    socket.setReceiveTimeout(timeout);
    socket.setSendTimeout(timeout);
}

std::string connect_error_text(const Poco::Net::SocketAddress& address, int error) {
    const auto why = error == ETIMEDOUT ? "no connection in time" : errno_text(error);
    return address.host().toString() + ": " + why;
}

}  // namespace

Dialer::Dialer(const Endpoint& endpoint, Options options)
    : secure_(endpoint.secure),
      host_(endpoint.host),
      port_(endpoint.port),
      options_(std::move(options)) {}

Poco::Net::StreamSocket Dialer::dial(Interrupt& interrupt, Traffic& traffic) {
    auto tcp = connect_tcp(interrupt, traffic);
    if (secure_) return shake_hands(std::move(tcp), traffic);
    tcp->setBlocking(true);
    set_timeouts(*tcp, options_.io_timeout);
    return Poco::Net::StreamSocket(tcp.duplicate());
}

std::vector<Poco::Net::SocketAddress> Dialer::resolve() const {
    std::vector<Poco::Net::SocketAddress> addresses;
    try {
        Poco::Net::IPAddress literal;
        if (Poco::Net::IPAddress::tryParse(host_, literal)) return {{literal, port_}};
        const auto entry = Poco::Net::DNS::hostByName(host_);
        for (const auto& address : entry.addresses())
            addresses.emplace_back(address, port_);
    } catch (const Poco::Exception& error) {
        throw unreachable("name resolution: " + error.displayText());
    }
    if (addresses.empty()) throw unreachable("name resolution: no address for " + host_);
    return addresses;
}

Poco::AutoPtr<TcpSocket> Dialer::connect_tcp(Interrupt& interrupt, Traffic& traffic) const {
    const auto addresses = resolve();
    const auto deadline = Clock::now() + options_.connect_timeout;
    std::vector<std::string> errors;
    for (std::size_t i = 0; i < addresses.size() && !interrupt.triggered(); ++i) {
        // A black hole at one address (IPv6 without a route back) leaves time for the others.
        const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
        const auto share = left / static_cast<int>(addresses.size() - i);
        try {
            return connect_socket(addresses[i], share, interrupt, traffic);
        } catch (const std::system_error& error) {
            errors.push_back(connect_error_text(addresses[i], error.code().value()));
        }
    }
    throw unreachable(fmt::format("{}", fmt::join(errors, "; ")));
}

Poco::Net::StreamSocket Dialer::shake_hands(Poco::AutoPtr<TcpSocket> tcp, Traffic& traffic) {
    try {
        if (!tls_) tls_ = std::make_unique<Tls>(options_.ca_file);
    } catch (const Poco::Exception& error) {
        throw unreachable("TLS: " + error.displayText());
    }
    try {
        auto socket = tls_->connect(std::move(tcp), host_, options_.connect_timeout, traffic);
        set_timeouts(*socket, options_.io_timeout);
        return Poco::Net::StreamSocket(socket.duplicate());
    } catch (const Poco::TimeoutException&) {
        throw unreachable(
            fmt::format("TLS: no answer within {} ms", options_.connect_timeout.count()));
    } catch (const Poco::Exception& error) {
        const auto& complaint = tls_->complaint();
        throw unreachable(complaint.empty() ? "TLS: " + error.displayText()
                                            : "TLS: certificate refused: " + complaint);
    }
}

}  // namespace hcloud::cloud

// Opens connections to the API: name resolution, TCP to whichever address answers, TLS. Internal to
// this folder.
#pragma once

#include "actions/cloud/endpoint.h"
#include "actions/cloud/socket.h"
#include "actions/cloud/tls.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

namespace hcloud::cloud {

class Dialer {
  public:
    /// `connect_timeout` is for all addresses together, and again for each read of the TLS
    /// hand-shake; `io_timeout` is set on the socket that comes out.
    struct Options {
        std::string ca_file;
        std::chrono::milliseconds connect_timeout;
        std::chrono::milliseconds io_timeout;
    };
    Dialer(const Endpoint& endpoint, Options options);

    /// A socket ready for requests. Throws Failure.
    Poco::Net::StreamSocket dial(Interrupt& interrupt, Traffic& traffic);

  private:
    std::vector<Poco::Net::SocketAddress> resolve() const;
    Poco::AutoPtr<TcpSocket> connect_tcp(Interrupt& interrupt, Traffic& traffic) const;
    Poco::Net::StreamSocket shake_hands(Poco::AutoPtr<TcpSocket> tcp, Traffic& traffic);

    bool secure_;
    std::string host_;
    std::uint16_t port_;
    Options options_;
    std::unique_ptr<Tls> tls_;
};

}  // namespace hcloud::cloud

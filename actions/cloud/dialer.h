// Opens connections to the API: name resolution, TCP to whichever address answers, a proxy's
// tunnel, TLS. Internal to this folder.
#pragma once

#include "actions/cloud/endpoint.h"
#include "actions/cloud/proxy.h"
#include "actions/cloud/resolver.h"
#include "actions/cloud/socket.h"
#include "actions/cloud/tls.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <Poco/AutoPtr.h>

namespace hcloud::cloud {

/// A connection ready for requests: `stream` is what to talk to, `tcp` what carries it.
struct Line {
    Poco::AutoPtr<TcpSocket> tcp;
    Poco::AutoPtr<Poco::Net::StreamSocketImpl> stream;
};

class Dialer {
  public:
    /// `timeout` is for all addresses together, and again for the proxy and for TLS.
    /// `name_timeout` is before that.
    struct Options {
        std::string ca_file;
        std::string user_agent;  // for the proxy
        std::chrono::milliseconds name_timeout;
        std::chrono::milliseconds timeout;
    };
    Dialer(const Endpoint& endpoint, std::optional<Proxy> proxy, Options options);

    /// By patience's deadline. Throws Failure.
    Line dial(Patience& patience, Traffic& traffic);

  private:
    std::vector<Poco::Net::SocketAddress> resolve(const Patience& patience);
    Poco::AutoPtr<TcpSocket> connect_tcp(const std::vector<Poco::Net::SocketAddress>& addresses,
                                         Patience& patience, Traffic& traffic);
    void open_tunnel(TcpSocket& tcp, const Patience& patience) const;
    Poco::AutoPtr<Poco::Net::StreamSocketImpl> shake_hands(Poco::AutoPtr<TcpSocket> tcp,
                                                           const Patience& patience);

    const Endpoint endpoint_;
    const std::optional<Proxy> proxy_;
    const Options options_;
    Resolver resolver_;
    std::unique_ptr<Tls> tls_;
};

}  // namespace hcloud::cloud

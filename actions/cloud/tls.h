// TLS as a client, with verification that cannot be turned off. Internal to this folder.
#pragma once

#include "actions/cloud/socket.h"

#include <memory>
#include <string>

#include <Poco/AutoPtr.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocketImpl.h>

namespace hcloud::cloud {

/// One per client, made when the first connection needs it: loading the trust anchors is slow.
class Tls {
  public:
    /// `ca_file`, if not empty, adds to the system's trust anchors. Throws Poco::Exception.
    explicit Tls(const std::string& ca_file);

    /// Shakes hands and verifies chain and host name. Throws Poco::Exception.
    Poco::AutoPtr<Poco::Net::SecureStreamSocketImpl> connect(Poco::AutoPtr<TcpSocket> tcp,
                                                             const std::string& host);

    /// Why the certificate of the latest connect() was refused; empty if it was not.
    const std::string& complaint() const { return *complaint_; }

  private:
    std::shared_ptr<std::string> complaint_;
    Poco::Net::Context::Ptr context_;
};

}  // namespace hcloud::cloud

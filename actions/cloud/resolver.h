// Name resolution that can be given up. Internal to this folder.
#pragma once

#include "actions/cloud/patience.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <Poco/Net/SocketAddress.h>

namespace hcloud::cloud {

/// getaddrinfo(3) blocks for as long as the name servers are silent and cannot be interrupted: it
/// runs on a thread of its own, one at a time, which is left alone when patience ends.
class Resolver {
  public:
    Resolver(std::string host, std::uint16_t port);

    /// In the order in which they are to be tried (RFC 6724). Throws Failure. A literal address
    /// needs no thread.
    std::vector<Poco::Net::SocketAddress> resolve(const Patience& patience);

  private:
    class Lookup;
    std::string host_;
    std::uint16_t port_;
    std::shared_ptr<Lookup> lookup_;  // the latest; its thread may still be at it
};

}  // namespace hcloud::cloud

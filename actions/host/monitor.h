// The netlink monitor: a wake-up, nothing more. Who is woken dumps and compares.
#pragma once

#include <memory>

namespace hcloud::host {

class Monitor {
  public:
    /// Subscribes to changes of links, addresses and routes in this network namespace; throws
    /// host::Error.
    Monitor();
    ~Monitor();

    /// For poll: readable when something happened.
    int fd() const;

    /// Reads whatever is queued, without blocking. False if nothing was.
    /// ENOBUFS (events were lost) counts as "something happened"; throws host::Error if the socket
    /// is dead.
    bool drain();

  private:
    class Socket;
    std::unique_ptr<Socket> socket_;
};

}  // namespace hcloud::host

// The metrics on a TCP port of loopback, for a Prometheus that cannot ask a Unix socket.
#pragma once

#include "agent/daemon/log.h"
#include "agent/daemon/resource_server.h"
#include "systemd/event.h"

#include <memory>
#include <string>

namespace hcloud::agent {

class MetricsPort {
  public:
    /// Serves nothing yet. `event` and `log` outlive it.
    MetricsPort(sd::Event& event, const Log& log, Resource metrics);

    /// From now on at `address` ("127.0.0.1:9478"), or nowhere if it is empty. One that cannot be
    /// listened on is logged: the host's network matters more.
    void listen(const std::string& address);

  private:
    sd::Event& event_;
    const Log& log_;
    Resource metrics_;
    std::string address_;
    std::unique_ptr<ResourceServer> server_;
};

}  // namespace hcloud::agent

// Wakes when somebody changes our table of nf_tables: `nft flush ruleset`, say. A wake-up, nothing
// more.
#pragma once

#include <memory>

namespace hcloud::host {

class GuardMonitor {
  public:
    /// Subscribes to nf_tables in this network namespace, which takes CAP_NET_ADMIN; throws
    /// host::Error.
    GuardMonitor();
    ~GuardMonitor();

    /// For poll: readable when something happened, to whatever table.
    int fd() const;

    /// Reads whatever is queued, without blocking. True if our table was changed, or if events were
    /// lost and it may have been; throws host::Error if the socket is dead.
    bool drain();

  private:
    class Socket;
    std::unique_ptr<Socket> socket_;
};

}  // namespace hcloud::host

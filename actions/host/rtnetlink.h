// Network on the real kernel: rtnetlink, and nf_tables for the guard, through libmnl.
#pragma once

#include "actions/host/network.h"

#include <memory>

namespace hcloud::host {

struct RtnetlinkOptions {
    /// false behaves as on a kernel before 5.18: the mark is neither sent nor read.
    bool use_address_protocol = true;
};

class GuardTable;

class Rtnetlink : public Network {
  public:
    /// Opens a socket in the calling thread's network namespace; throws host::Error.
    explicit Rtnetlink(RtnetlinkOptions options = {});
    ~Rtnetlink() override;

    Snapshot observe() override;
    GuardState observe_guard() override;
    std::vector<Outcome> apply(std::span<const Change> changes) override;

  private:
    class Socket;
    RtnetlinkOptions options_;
    std::unique_ptr<Socket> socket_;
    std::unique_ptr<GuardTable> guard_;
};

}  // namespace hcloud::host

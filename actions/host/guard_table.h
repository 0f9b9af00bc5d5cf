// Private to this folder: the guard in the kernel, our table `ip hcloud_agent` of nf_tables.
#pragma once

#include "actions/host/change.h"
#include "actions/host/network.h"

#include <memory>

namespace hcloud::host {

/// Opens its socket when it is first used. Nothing here throws host::Error.
class GuardTable {
  public:
    GuardTable();
    ~GuardTable();
    GuardTable(const GuardTable&) = delete;
    GuardTable& operator=(const GuardTable&) = delete;

    GuardState observe();
    /// One of the guard's changes. Tables of others are never touched.
    Outcome apply(const Change& change);

  private:
    class Socket;
    std::unique_ptr<Socket> socket_;
};

}  // namespace hcloud::host

// Names that take for ever to resolve.
#pragma once

#include "tests/lab/command.h"

#include <chrono>

namespace hcloud::lab {

/// A name server on 127.0.0.1:53 that takes questions and never answers; the only one while it
/// lives, in the mount and network namespace of the test. It is asked again after `timeout`; when
/// it has gone by then, /etc/hosts is looked into.
class SilentNameServer {
  public:
    explicit SilentNameServer(std::chrono::seconds timeout = std::chrono::seconds(30));
    ~SilentNameServer();
    SilentNameServer(const SilentNameServer&) = delete;
    SilentNameServer& operator=(const SilentNameServer&) = delete;

    bool was_asked() const;

  private:
    TempDir directory_;
    int fd_;
    bool bound_nsswitch_ = false;
};

}  // namespace hcloud::lab

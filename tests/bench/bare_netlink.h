// rtnetlink with nothing around it: what is measured with it is what the kernel takes.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>

#include <linux/rtnetlink.h>

namespace hcloud::bench {

/// Each call throws std::system_error if the kernel refuses something.
class BareNetlink {
  public:
    /// In the calling thread's network namespace; `groups` are the RTMGRP_… to listen to.
    explicit BareNetlink(unsigned groups = 0);
    ~BareNetlink();
    BareNetlink(const BareNetlink&) = delete;
    BareNetlink& operator=(const BareNetlink&) = delete;

    void send(const nlmsghdr& message);
    /// Waits for the kernel's next messages and hands each to `take`.
    void receive(const std::function<void(nlmsghdr&)>& take);
    /// Whether there is something to receive before `limit` is over.
    bool wait(std::chrono::milliseconds limit);

  private:
    int fd_ = -1;
    alignas(nlmsghdr) std::array<std::byte, 32768> buffer_{};
};

}  // namespace hcloud::bench

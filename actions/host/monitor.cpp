#include "actions/host/monitor.h"

#include "actions/host/netlink_socket.h"
#include "actions/host/network.h"

#include <array>
#include <cerrno>

#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace hcloud::host {

namespace {

constexpr unsigned kGroups =
    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;

// Room for a few messages: one is enough to wake, and those that find no room cost the kernel less
// than those that do, which shows when we add a thousand addresses ourselves.
constexpr int kEventBuffer = 8192;

}  // namespace

class Monitor::Socket {
  public:
    Socket() {
        if (setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &kEventBuffer, sizeof kEventBuffer) != 0) {
            throw Error("netlink monitor: SO_RCVBUF", errno);
        }
    }
    int fd() const { return mnl_socket_get_fd(handle_.get()); }

  private:
    SocketHandle handle_ = open_netlink(NETLINK_ROUTE, SOCK_NONBLOCK, kGroups);
};

Monitor::Monitor() : socket_(std::make_unique<Socket>()) {}
Monitor::~Monitor() = default;

int Monitor::fd() const {
    return socket_->fd();
}

bool Monitor::drain() {
    std::array<std::uint8_t, 1> ignored{};  // only that something happened counts: the rest is cut
    return drain_events(fd(), ignored, "netlink monitor",
                        [](std::span<const std::uint8_t>) { return true; });
}

}  // namespace hcloud::host

// Private to this folder: netlink sockets, and requests with their answers.
#pragma once

#include "actions/host/rtnetlink_build.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <libmnl/libmnl.h>

namespace hcloud::host {

struct CloseSocket {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};
using SocketHandle = std::unique_ptr<mnl_socket, CloseSocket>;

/// Bound to `groups` (RTMGRP_… bits) and closed on exec; `flags` as SOCK_NONBLOCK, `protocol` as
/// NETLINK_NETFILTER. Throws host::Error.
SocketHandle open_netlink(int protocol, int flags, unsigned groups);

/// Reads what is queued, a datagram at a time into `buffer` (more than fits is cut off), without
/// blocking. True if `counts` said so of one, or if events were lost (ENOBUFS); throws host::Error,
/// of `what`, if the socket is dead.
bool drain_events(int fd, std::span<std::uint8_t> buffer, const char* what,
                  const std::function<bool(std::span<const std::uint8_t>)>& counts);

/// The kernel's answer to one acknowledged request.
struct Ack {
    int code = 0;      // errno, 0 for success
    std::string text;  // the kernel's extended error text, may be empty
};

/// Asks and waits for the answer, 2 s at most for each part of it. Answers are told apart by
/// sequence number. Throws host::Error when the socket fails; it is out of step then and must not
/// be used again.
class RequestSocket {
  public:
    /// As many requests go out at once: their answers fit the smallest usual receive buffer.
    static constexpr std::size_t kMaxBatch = 128;

    explicit RequestSocket(int protocol = NETLINK_ROUTE);

    /// Hands every message of a dump to `take`, or the one that answers an acknowledged request.
    /// False if the kernel says that a change came between its parts: what was taken may then be
    /// incomplete. Throws host::Error if the kernel refuses the dump.
    bool dump(Message request, const std::function<void(const nlmsghdr&)>& take);

    /// Sends up to kMaxBatch requests at once; one answer each, in their order.
    std::vector<Ack> exchange(std::span<Message> requests);

    /// Sends the messages of a transaction of nfnetlink, all at once: the first refusal, or the
    /// answer to the one that asks for it.
    Ack transact(std::span<std::uint8_t> messages);

  private:
    void send(std::span<const std::uint8_t> data);
    void receive(const std::function<void(const nlmsghdr&)>& take);

    SocketHandle socket_;
    std::vector<std::uint8_t> buffer_;
    std::uint32_t sequence_ = 0;
};

/// Works with the socket; after an error it is closed and the next call opens another one, so that
/// no call ever reads what was meant for an earlier one.
template <class Socket, class Work>
auto with(std::unique_ptr<Socket>& socket, Work work) {
    if (!socket) socket = std::make_unique<Socket>();
    try {
        return work(*socket);
    } catch (...) {
        socket.reset();
        throw;
    }
}

}  // namespace hcloud::host

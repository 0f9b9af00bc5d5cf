#include "tests/bench/bare_netlink.h"

#include <cerrno>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hcloud::bench {

namespace {

void check(bool done, const char* what, int code = errno) {
    if (!done) throw std::system_error(code, std::generic_category(), what);
}

}  // namespace

BareNetlink::BareNetlink(unsigned groups)
    : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    check(fd_ >= 0, "a netlink socket");
    const sockaddr_nl self{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = groups};
    check(bind(fd_, reinterpret_cast<const sockaddr*>(&self), sizeof self) == 0, "bind");
    const int on = 1;  // a dump of routes is then of one table
    check(setsockopt(fd_, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on) == 0, "strict");
}

BareNetlink::~BareNetlink() {
    close(fd_);
}

void BareNetlink::send(const nlmsghdr& message) {
    check(::send(fd_, &message, message.nlmsg_len, 0) >= 0, "send");
}

void BareNetlink::receive(const std::function<void(nlmsghdr&)>& take) {
    const auto size = recv(fd_, buffer_.data(), buffer_.size(), 0);
    check(size >= 0, "receive");
    auto left = static_cast<unsigned>(size);
    auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());
    for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
        if (message->nlmsg_type == NLMSG_ERROR) {
            check(false, "refused", -static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error);
        }
        take(*message);
    }
}

bool BareNetlink::wait(std::chrono::milliseconds limit) {
    pollfd wait{fd_, POLLIN, 0};
    return poll(&wait, 1, static_cast<int>(limit.count())) == 1;
}

}  // namespace hcloud::bench

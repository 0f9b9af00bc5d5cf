#include "actions/host/guard_monitor.h"

#include "actions/host/guard_rules.h"
#include "actions/host/netlink_socket.h"
#include "actions/host/network.h"
#include "actions/host/nftnl.h"

#include <array>
#include <cerrno>
#include <string_view>

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

namespace hcloud::host {

namespace {

constexpr std::size_t kMessageSize = 8192;  // the kernel sends no more at once (NLMSG_GOODSIZE)

int find_table(const nlattr* attribute, void* found) {
    // In messages about tables, chains, rules, sets and elements alike, the table has this number.
    if (mnl_attr_get_type(attribute) != NFTA_TABLE_NAME) return MNL_CB_OK;
    if (mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) != 0) return MNL_CB_OK;
    *static_cast<bool*>(found) = std::string_view(mnl_attr_get_str(attribute)) == kGuardTable;
    return MNL_CB_STOP;
}

bool is_ours(const nlmsghdr& message) {
    if (NFNL_SUBSYS_ID(message.nlmsg_type) != NFNL_SUBSYS_NFTABLES) return false;
    if (NFNL_MSG_TYPE(message.nlmsg_type) == NFT_MSG_NEWGEN) return false;  // a number, no table
    bool found = false;
    mnl_attr_parse(&message, sizeof(nfgenmsg), find_table, &found);
    return found;
}

}  // namespace

class GuardMonitor::Socket {
  public:
    Socket() {
        const int group = NFNLGRP_NFTABLES;
        if (mnl_socket_setsockopt(handle_.get(), NETLINK_ADD_MEMBERSHIP, const_cast<int*>(&group),
                                  sizeof group) != 0) {
            throw Error("nf_tables cannot be watched", errno);
        }
    }
    int fd() const { return mnl_socket_get_fd(handle_.get()); }

  private:
    SocketHandle handle_ = open_netlink(NETLINK_NETFILTER, SOCK_NONBLOCK, 0);
};

GuardMonitor::GuardMonitor() : socket_(std::make_unique<Socket>()) {}
GuardMonitor::~GuardMonitor() = default;

int GuardMonitor::fd() const {
    return socket_->fd();
}

bool GuardMonitor::drain() {
    alignas(nlmsghdr) std::array<std::uint8_t, kMessageSize> buffer{};
    return drain_events(fd(), buffer, "nf_tables monitor", [](std::span<const std::uint8_t> data) {
        bool ours = false;
        for_each_message(data, [&](const nlmsghdr& message) { ours |= is_ours(message); });
        return ours;
    });
}

}  // namespace hcloud::host

// The floor of a repair, as a process of its own like the agent: an address that the kernel says is
// gone is added again at once, as it was. No configuration, no dump, no ledger, and no look
// afterwards: nothing that repairs by the kernel's event is faster.
#include "tests/bench/bare_netlink.h"

#include <cstdio>
#include <exception>

namespace {

void repair_for_ever() {
    hcloud::bench::BareNetlink kernel(RTMGRP_IPV4_IFADDR);
    std::puts("ready");
    std::fflush(stdout);
    for (;;) {
        kernel.receive([&](nlmsghdr& event) {
            if (event.nlmsg_type != RTM_DELADDR) return;
            event.nlmsg_type = RTM_NEWADDR;
            event.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL;
            kernel.send(event);
        });
    }
}

}  // namespace

int main() {
    try {
        repair_for_ever();
    } catch (const std::exception& error) {
        std::puts(error.what());
        return 1;
    }
}

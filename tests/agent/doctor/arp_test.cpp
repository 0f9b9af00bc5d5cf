// What doctor says of sysctls that keep an address silent, held against what the kernel does: a
// request goes out on the other end of the wire, and either an answer comes back or none.
#include "actions/host/rtnetlink.h"
#include "agent/doctor/addresses.h"
#include "tests/lab/command.h"

#include <array>
#include <cstring>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hcloud::agent::doctor {
namespace {

constexpr const char* kMac = "86:00:00:2a:7d:e0";

struct Packet {
    ether_header ethernet;
    ether_arp arp;
};

class ArpSocket {
  public:
    ArpSocket() : fd_(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ARP))) {
        sockaddr_ll here{};
        here.sll_family = AF_PACKET;
        here.sll_protocol = htons(ETH_P_ARP);
        here.sll_ifindex = static_cast<int>(if_nametoindex("wire1"));
        if (fd_ < 0 || bind(fd_, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0) {
            throw std::runtime_error("no packet socket");
        }
    }
    ~ArpSocket() { close(fd_); }
    ArpSocket(const ArpSocket&) = delete;
    ArpSocket& operator=(const ArpSocket&) = delete;

    void ask(const char* sender, const char* target) const {
        Packet packet{};
        std::memset(packet.ethernet.ether_dhost, 0xff, ETH_ALEN);
        packet.ethernet.ether_shost[0] = packet.arp.arp_sha[0] = 0x02;
        packet.ethernet.ether_type = htons(ETHERTYPE_ARP);
        packet.arp.ea_hdr = {htons(ARPHRD_ETHER), htons(ETHERTYPE_IP), ETH_ALEN, 4,
                             htons(ARPOP_REQUEST)};
        inet_pton(AF_INET, sender, packet.arp.arp_spa);
        inet_pton(AF_INET, target, packet.arp.arp_tpa);
        if (send(fd_, &packet, sizeof packet, 0) != sizeof packet) {
            throw std::runtime_error("cannot send");
        }
    }

    /// The address of the first answer.
    std::string answer() const {
        constexpr int kLimit = std::chrono::milliseconds(lab::kPatience).count();
        for (pollfd waiting{fd_, POLLIN, 0}; poll(&waiting, 1, kLimit) == 1;) {
            Packet packet{};
            if (recv(fd_, &packet, sizeof packet, 0) < static_cast<ssize_t>(sizeof packet))
                continue;
            if (ntohs(packet.arp.ea_hdr.ar_op) != ARPOP_REPLY) continue;
            std::array<char, INET_ADDRSTRLEN> text{};
            inet_ntop(AF_INET, packet.arp.arp_spa, text.data(), text.size());
            return text.data();
        }
        return "none";
    }

  private:
    int fd_;
};

struct Case {
    const char* commands;
    Answering how;
};

void PrintTo(const Case& test, std::ostream* out) {
    *out << test.commands;
}

class Arp : public testing::TestWithParam<Case> {};

TEST_P(Arp, IsJudgedAsTheKernelDoesIt) {
    lab::add_veth("eth1", "wire1", kMac);
    lab::add_veth("eth2", "wire2", "86:00:00:2a:7d:e1");
    lab::run("ip addr add 10.0.0.2/24 dev eth1; ip addr add 10.0.0.3/32 dev eth1 scope host");
    lab::run(GetParam().commands);
    AddressFacts facts;
    facts.observed = host::Rtnetlink().observe();
    const auto* link = facts.observed.link_by_mac(kMac);
    const auto prefix = *host::Prefix::parse("10.0.0.3/32");
    facts.desired.private_networks.list = {{"backend",
                                            kMac,
                                            *host::IpAddress::parse("10.0.0.2"),
                                            {prefix.address},
                                            *host::IpAddress::parse("10.0.0.1"),
                                            *host::Prefix::parse("10.0.0.0/24")}};
    facts.plan.items = {{{Key::Kind::address, link->index, prefix},
                         "alias 10.0.0.3/32",
                         "eth1",
                         ItemState::configured,
                         {}}};
    facts.answering[link->index] = GetParam().how;
    const bool silent = !judge_answering(facts).empty();

    const ArpSocket socket;
    socket.ask("10.0.0.1", "10.0.0.3");
    // Asked and answered in this order: no need to wait for what does not come. The second answer
    // comes whatever was tried.
    lab::run(
        "echo 0 | tee /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_filter"
        " >/dev/null; ip route replace 10.0.0.1 dev eth1 metric 0");
    socket.ask("10.0.0.1", "10.0.0.2");
    EXPECT_EQ(socket.answer(), silent ? "10.0.0.2" : "10.0.0.3");
}

INSTANTIATE_TEST_SUITE_P(
    Sysctls, Arp,
    testing::Values(
        Case{"true", {}}, Case{"echo 1 > /proc/sys/net/ipv4/conf/eth1/arp_ignore", {1, 0, 0}},
        Case{"echo 2 > /proc/sys/net/ipv4/conf/eth1/arp_ignore", {2, 0, 0}},
        Case{"ip addr del 10.0.0.2/24 dev eth1; ip addr add 10.0.0.2/32 dev eth1;"
             "echo 2 > /proc/sys/net/ipv4/conf/eth1/arp_ignore",
             {2, 0, 0}},
        Case{"ip addr del 10.0.0.2/24 dev eth1; ip addr add 10.0.0.2/32 dev eth1;"
             "echo 1 > /proc/sys/net/ipv4/conf/eth1/arp_filter",
             {0, 1, 0}},
        Case{"echo 3 > /proc/sys/net/ipv4/conf/all/arp_ignore", {3, 0, 0}},
        Case{"echo 8 > /proc/sys/net/ipv4/conf/eth1/arp_ignore", {8, 0, 0}},
        Case{"echo 1 > /proc/sys/net/ipv4/conf/eth1/arp_filter", {0, 1, 0}},
        Case{"echo 1 > /proc/sys/net/ipv4/conf/eth1/arp_filter; ip route add 10.0.0.1 dev eth2",
             {0, 1, 0}}));

}  // namespace
}  // namespace hcloud::agent::doctor

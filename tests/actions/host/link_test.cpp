// Links on the kernel: bringing up, MTU, and what a snapshot says of them.
#include "tests/actions/host/network_fixture.h"

namespace hcloud::host {
namespace {

class LinkTest : public NetworkTest {
  protected:
    Link eth1() {
        const auto snapshot = network_.observe();
        const auto* link = snapshot.link(link_);
        return link != nullptr ? *link : Link{};
    }

    static void set_ipv6_disabled(const std::string& name, bool disabled) {
        lab::run("echo " + std::string(disabled ? "1" : "0") + " > /proc/sys/net/ipv6/conf/" +
                 name + "/disable_ipv6");
    }
};

TEST_F(LinkTest, is_observed_whole) {
    EXPECT_EQ(eth1(), (Link{.index = link_, .name = "eth1", .mac = kMac, .mtu = 1500, .up = true}));
}

TEST_F(LinkTest, loopback_is_told_apart_and_has_no_mac) {
    const auto snapshot = network_.observe();
    const auto* loopback = snapshot.link(1);
    ASSERT_NE(loopback, nullptr);
    EXPECT_EQ(loopback->name, "lo");
    EXPECT_TRUE(loopback->loopback);
    EXPECT_EQ(loopback->mac, "");
}

TEST_F(LinkTest, tunnel_has_no_mac) {
    lab::run("ip tuntap add tun0 mode tun");
    const auto snapshot = network_.observe();
    lab::run("ip link delete tun0");
    const auto& tunnel = snapshot.links.back();
    EXPECT_EQ(tunnel.name, "tun0");
    EXPECT_EQ(tunnel.mac, "");
}

TEST_F(LinkTest, is_brought_up_and_stays_up) {
    lab::run("ip link set eth1 down");
    EXPECT_FALSE(eth1().up);
    EXPECT_EQ(apply(SetLinkUp{link_}), kDone);
    EXPECT_TRUE(eth1().up);
    EXPECT_EQ(apply(SetLinkUp{link_}), kDone);
    EXPECT_TRUE(eth1().up);
}

TEST_F(LinkTest, mtu_is_set_and_nothing_else) {
    lab::run("ip link set eth1 down");
    auto expected = eth1();
    EXPECT_EQ(apply(SetLinkMtu{link_, 1450}), kDone);
    expected.mtu = 1450;
    EXPECT_EQ(eth1(), expected);
}

TEST_F(LinkTest, mtu_out_of_range_fails_with_the_kernels_words) {
    EXPECT_THAT(apply(SetLinkMtu{link_, 1}),
                failed_with(EINVAL, "Invalid argument: mtu less than device minimum"));
    EXPECT_EQ(eth1().mtu, 1500U);
}

TEST_F(LinkTest, that_is_gone_fails) {
    EXPECT_THAT(apply(SetLinkUp{999}), failed_with(ENODEV, "No such device"));
    EXPECT_THAT(apply(SetLinkMtu{999, 1450}), failed_with(ENODEV, "No such device"));
    EXPECT_THAT(apply(SetLinkUp{0}), failed_with(EINVAL, "Invalid argument: no link is given"));
}

TEST_F(LinkTest, ipv6_disabled_by_sysctl_is_seen) {
    EXPECT_FALSE(eth1().ipv6_disabled);
    set_ipv6_disabled("eth1", true);
    EXPECT_TRUE(eth1().ipv6_disabled);
    set_ipv6_disabled("eth1", false);
    EXPECT_FALSE(eth1().ipv6_disabled);
    set_ipv6_disabled("all", true);
    EXPECT_TRUE(eth1().ipv6_disabled);
    set_ipv6_disabled("all", false);
}

TEST_F(LinkTest, too_small_for_ipv6_counts_as_disabled) {
    EXPECT_EQ(apply(SetLinkMtu{link_, 1279}), kDone);
    EXPECT_TRUE(eth1().ipv6_disabled);
}

TEST_F(LinkTest, disabled_ipv6_refuses_addresses_but_leaves_ipv4_alone) {
    set_ipv6_disabled("eth1", true);
    const std::vector<Change> changes{
        AddAddress{{.link = link_, .prefix = prefix("2001:db8:1::1/64"), .no_dad = true}},
        AddAddress{host_address("10.0.0.3/32")}};
    const auto outcomes = network_.apply(changes);
    EXPECT_EQ(outcomes.at(0).kind, Outcome::Kind::failed);
    EXPECT_THAT(outcomes.at(0).message, testing::HasSubstr("IPv6 is disabled"));
    EXPECT_EQ(outcomes.at(1), kDone);
    EXPECT_THAT(addresses(), testing::ElementsAre(host_address("10.0.0.3/32")));
}

}  // namespace
}  // namespace hcloud::host

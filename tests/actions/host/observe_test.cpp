// observe(): agrees with ip(8) on a lively namespace, leaves out what a Route cannot express, and
// is complete however much changes meanwhile.
#include "tests/actions/host/network_fixture.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <thread>
#include <tuple>

#include <nlohmann/json.hpp>

#include <sched.h>

namespace hcloud::host {
namespace {

using nlohmann::json;
using testing::SizeIs;

class ObserveTest : public NetworkTest {
  protected:
    void SetUp() override {
        NetworkTest::SetUp();
        lab::run(R"(
            set -e
            ip link add link eth1 name macvlan0 type macvlan
            ip link add br0 type bridge
            ip link set br0 mtu 9000 up
            ip address add 10.0.0.2/24 dev eth1
            ip address add 10.0.0.4/24 dev eth1
            ip address add 10.0.0.5/32 dev eth1 scope host
            ip address add 10.0.1.1 peer 10.0.1.2/32 dev br0
            ip address add 2001:db8:1::1/64 dev eth1 nodad preferred_lft 0
            ip address add 2001:db8:2::1 peer 2001:db8:2::2/128 dev br0
            ip address add 192.0.2.1/32 dev lo
            ip route add 10.1.0.0/16 via 10.0.0.1 dev eth1 metric 5
            ip route add 10.1.0.0/16 via 10.0.0.9 dev eth1 metric 6 src 10.0.0.4
            ip route add default via 172.31.1.1 dev eth1 onlink
            ip -6 route add 2001:db8:5::/48 via 2001:db8:1::9 dev eth1
            ip -6 route add default via fe80::1 dev eth1 metric 100)");
    }

    void TearDown() override {
        lab::run("ip link delete br0; ip address delete 192.0.2.1/32 dev lo");
        NetworkTest::TearDown();
    }

    using AddressKey = std::tuple<std::string, std::string, std::string>;  // link, prefix, scope
    using RouteKey = std::tuple<std::string, std::string, std::string, std::uint32_t, std::string>;

    static std::string scope_name(Scope scope) {
        return scope == Scope::universe ? "global" : scope == Scope::link ? "link" : "host";
    }

    static std::multiset<AddressKey> addresses_by_ip() {
        std::multiset<AddressKey> keys;
        for (const auto& link : json::parse(lab::run("ip -j address"))) {
            for (const auto& address : link.at("addr_info")) {
                keys.emplace(
                    link.at("ifname"),
                    address.at("local").get<std::string>() + "/" + address.at("prefixlen").dump(),
                    address.at("scope"));
            }
        }
        return keys;
    }

    static std::multiset<RouteKey> routes_by_ip() {
        std::multiset<RouteKey> keys;
        for (const auto* command : {"ip -4 -d -j -N route", "ip -6 -d -j -N route"}) {
            for (const auto& shown : json::parse(lab::run(command))) {
                std::string to = shown.at("dst");
                if (to == "default")
                    to = std::string(command).find("-4") == 3 ? "0.0.0.0/0" : "::/0";
                keys.emplace(prefix(to).to_string(), shown.value("gateway", ""), shown.at("dev"),
                             shown.value("metric", 0U), shown.value("protocol", ""));
            }
        }
        return keys;
    }
};

TEST_F(ObserveTest, agrees_with_ip_about_links) {
    const auto snapshot = network_.observe();
    const auto shown = json::parse(lab::run("ip -j link"));
    ASSERT_EQ(snapshot.links.size(), shown.size());
    for (const auto& expected : shown) {
        const auto* link = snapshot.link(expected.at("ifindex"));
        ASSERT_NE(link, nullptr) << expected;
        EXPECT_EQ(link->name, expected.at("ifname"));
        EXPECT_EQ(link->mtu, expected.at("mtu"));
        const auto flags = expected.at("flags").get<std::set<std::string>>();
        EXPECT_EQ(link->up, flags.count("UP") == 1) << link->name;
        EXPECT_EQ(link->loopback, flags.count("LOOPBACK") == 1) << link->name;
        if (!link->loopback) {
            EXPECT_EQ(link->mac, expected.at("address"));
        }
    }
}

TEST_F(ObserveTest, agrees_with_ip_about_addresses) {
    const auto snapshot = network_.observe();
    std::multiset<AddressKey> observed;
    for (const auto& address : snapshot.addresses) {
        observed.emplace(snapshot.link(address.link)->name, address.prefix.to_string(),
                         scope_name(address.scope));
    }
    EXPECT_EQ(observed, addresses_by_ip());
    EXPECT_GE(observed.size(), 8U);
}

TEST_F(ObserveTest, agrees_with_ip_about_routes) {
    const auto snapshot = network_.observe();
    std::multiset<RouteKey> observed;
    for (const auto& seen : snapshot.routes) {
        observed.emplace(
            seen.destination.to_string(), seen.gateway ? seen.gateway->to_string() : "",
            snapshot.link(seen.link)->name, seen.metric, std::to_string(seen.protocol));
    }
    EXPECT_EQ(observed, routes_by_ip());
    EXPECT_GE(observed.size(), 7U);
}

TEST_F(ObserveTest, is_in_an_order_that_does_not_depend_on_history) {
    // The kernel keeps these in the order in which they were made.
    const std::string prepend = "ip route prepend 10.1.0.0/16 dev eth1 metric 5 via ";
    lab::run(prepend + "10.0.0.8");
    const auto before = network_.observe();
    lab::run("ip route delete 10.1.0.0/16 via 10.0.0.1 && " + prepend + "10.0.0.1");
    lab::run(
        "ip address delete 10.0.0.5/32 dev eth1 && ip address add 10.0.0.5/32 dev eth1 scope host");
    EXPECT_EQ(routes(), before.routes);
    EXPECT_EQ(network_.observe(), before);
}

TEST_F(ObserveTest, leaves_out_what_is_no_ordinary_unicast_route_of_the_main_table) {
    const auto before = routes();
    lab::run(R"(set -e
                ip route add blackhole 10.5.0.0/16
                ip route add 10.6.0.0/16 dev eth1 table 100
                ip route add 10.7.0.0/16 dev eth1 tos 0x10
                ip -6 route add unreachable 2001:db8:6::/48
                ip -6 route add 2001:db8:7::/48 from 2001:db8:1::/64 dev eth1)");
    EXPECT_EQ(routes(), before);
    lab::run(
        "ip route delete blackhole 10.5.0.0/16; ip -6 route delete unreachable 2001:db8:6::/48");
}

TEST_F(ObserveTest, multipath_route_has_no_link) {
    lab::run(
        "ip route add 10.8.0.0/16 nexthop via 10.0.0.1 dev eth1 nexthop via 10.0.0.9 dev eth1");
    EXPECT_THAT(routes(),
                testing::Contains(route({.link = 0, .to = "10.8.0.0/16", .protocol = 3})));
}

TEST(ObserveNewNamespace, without_a_route_table_is_not_an_error) {
    std::async(std::launch::async,
               [] {  // unshare() moves this thread alone
                   ASSERT_EQ(unshare(CLONE_NEWNET), 0);
                   const auto snapshot = Rtnetlink().observe();
                   EXPECT_THAT(snapshot.links, SizeIs(1)) << "the loopback";
                   EXPECT_THAT(snapshot.addresses, SizeIs(0));
                   EXPECT_THAT(snapshot.routes, SizeIs(0));
               })
        .get();
}

TEST_F(ObserveTest, never_misses_a_stable_address_while_others_come_and_go) {
    EXPECT_THAT(network_.apply(add_many(1000)), testing::Each(kDone));
    using Clock = std::chrono::steady_clock;
    const auto quiet = Clock::now();
    addresses();
    std::atomic<Clock::duration> look = Clock::now() - quiet;  // how long the latest took
    std::atomic<bool> stop = false;
    std::thread churn([this, &stop, &look] {
        Rtnetlink network;
        // Sorts among the stable ones in the kernel's table.
        const auto address = host_address("10.0.200.1/32");
        const std::vector<Change> changes{AddAddress{address}, DeleteAddress{address}};
        while (!stop) {
            network.apply(changes);
            // Without a gap, every dump of this size is interrupted: some must fit into it.
            std::this_thread::sleep_for(2 * look.load());
        }
    });
    for (int i = 0; i < 300; ++i) {
        const auto before = Clock::now();
        const auto found = addresses();
        look = Clock::now() - before;
        const auto stable = std::count_if(found.begin(), found.end(), [](const Address& address) {
            return prefix("10.1.0.0/16").contains(address.prefix.address);
        });
        EXPECT_EQ(stable, 1000);
    }
    stop = true;
    churn.join();
}

}  // namespace
}  // namespace hcloud::host

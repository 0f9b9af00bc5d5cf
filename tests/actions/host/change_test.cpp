// Changes in iproute2's words, and how a snapshot finds its links.
#include "actions/host/change.h"

#include "tests/actions/host/values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::host {
namespace {

Snapshot two_links() {
    Snapshot snapshot;
    snapshot.links = {{.index = 2, .name = "eth0", .mac = "96:00:00:00:00:01"},
                      {.index = 3, .name = "eth1", .mac = "86:00:00:00:00:01"},
                      {.index = 5, .name = "tun0", .mac = ""},
                      {.index = 6, .name = "eth1.7", .mac = "86:00:00:00:00:01"}};
    return snapshot;
}

struct Words {
    const char* name;
    Change change;
    std::string words;
};

void PrintTo(const Words& test, std::ostream* out) {
    *out << test.name;
}

class Describe : public testing::TestWithParam<Words> {};

TEST_P(Describe, speaks_like_ip) {
    EXPECT_EQ(describe(GetParam().change, two_links()), GetParam().words);
}

Address host_scope(int link) {
    return {
        .link = link, .prefix = prefix("10.0.0.3/32"), .scope = Scope::host, .protocol = kProtocol};
}

Address quiet_ipv6() {
    return {.link = 2,
            .prefix = prefix("2001:db8::1/64"),
            .no_prefix_route = true,
            .no_dad = true,
            .deprecated = true};
}

Route network_route() {
    return route({.link = 3,
                  .to = "10.0.0.0/16",
                  .via = "10.0.0.1",
                  .src = "10.0.0.2",
                  .metric = 5,
                  .onlink = true});
}

Route link_route() {
    return route({.link = 3, .to = "10.0.0.1/32", .scope = Scope::link});
}

INSTANTIATE_TEST_SUITE_P(
    All, Describe,
    testing::Values(
        Words{"link_up", SetLinkUp{3}, "link set eth1 up"},
        Words{"link_mtu", SetLinkMtu{3, 1450}, "link set eth1 mtu 1450"},
        Words{"link_gone", SetLinkUp{7}, "link set link 7 up"},
        Words{"add_v4", AddAddress{host_scope(3)}, "address add 10.0.0.3/32 dev eth1 scope host"},
        Words{"add_on_link_that_is_gone", AddAddress{host_scope(7)},
              "address add 10.0.0.3/32 dev link 7 scope host"},
        Words{"add_v6", AddAddress{quiet_ipv6()},
              "address add 2001:db8::1/64 dev eth0 nodad noprefixroute preferred_lft 0"},
        Words{"delete_v4", DeleteAddress{host_scope(3)}, "address delete 10.0.0.3/32 dev eth1"},
        Words{"delete_v6", DeleteAddress{quiet_ipv6()}, "address delete 2001:db8::1/64 dev eth0"},
        Words{"add_route", AddRoute{network_route()},
              "route add 10.0.0.0/16 via 10.0.0.1 dev eth1 src 10.0.0.2 metric 5 onlink"},
        Words{"delete_route", DeleteRoute{network_route()},
              "route delete 10.0.0.0/16 via 10.0.0.1 dev eth1 src 10.0.0.2 metric 5 onlink"},
        Words{"route_on_link", AddRoute{link_route()}, "route add 10.0.0.1/32 dev eth1 scope link"},
        Words{"default_route", AddRoute{route({.link = 2, .via = "172.31.1.1"})},
              "route add default via 172.31.1.1 dev eth0"},
        Words{"default_route_v6", AddRoute{route({.link = 2, .to = "::/0", .via = "fe80::1"})},
              "route add default via fe80::1 dev eth0"},
        Words{"route_without_link", DeleteRoute{route({.to = "10.0.0.0/8"})},
              "route delete 10.0.0.0/8"}),
    name_of<Words>);

TEST(Describe, names_unusual_scopes) {
    auto unusual = link_route();
    for (const auto& [scope, words] : {std::pair{Scope::site, "site"},
                                       {Scope::nowhere, "nowhere"},
                                       {Scope::host, "host"},
                                       {static_cast<Scope>(100), "100"}}) {
        unusual.scope = scope;
        EXPECT_THAT(describe(AddRoute{unusual}, two_links()),
                    testing::EndsWith(std::string(" scope ") + words));
    }
}

TEST(Snapshot, finds_links_by_index) {
    const auto snapshot = two_links();
    ASSERT_NE(snapshot.link(3), nullptr);
    EXPECT_EQ(snapshot.link(3)->name, "eth1");
    EXPECT_EQ(snapshot.link(4), nullptr);
}

TEST(Snapshot, finds_the_lower_of_two_links_with_one_mac) {
    const auto snapshot = two_links();
    ASSERT_NE(snapshot.link_by_mac("86:00:00:00:00:01"), nullptr);
    EXPECT_EQ(snapshot.link_by_mac("86:00:00:00:00:01")->name, "eth1");
    EXPECT_EQ(snapshot.link_by_mac("86:00:00:00:00:02"), nullptr);
}

TEST(Snapshot, finds_no_link_by_an_empty_mac) {
    EXPECT_EQ(two_links().link_by_mac(""), nullptr);
}

}  // namespace
}  // namespace hcloud::host

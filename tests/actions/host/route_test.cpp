// Routes on the kernel: what is added is observed as given and shown by ip; what is deleted is
// gone.
#include "tests/actions/host/network_fixture.h"

#include <nlohmann/json.hpp>

namespace hcloud::host {
namespace {

using testing::Contains;

struct RouteCase {
    const char* name;
    RouteWords words;  // the link is set by the test
};

void PrintTo(const RouteCase& test, std::ostream* out) {
    *out << test.name;
}

class RouteRoundTrip : public NetworkTest, public testing::WithParamInterface<RouteCase> {};

TEST_P(RouteRoundTrip, add_observe_delete) {
    lab::run(
        "ip address add 10.0.0.2/32 dev eth1 && ip address add 2001:db8::2/128 dev eth1 nodad");
    auto words = GetParam().words;
    words.link = link_;
    const auto wanted = route(words);
    const auto before = network_.observe();

    EXPECT_EQ(apply(AddRoute{wanted}), kDone);
    EXPECT_THAT(routes(), Contains(wanted));
    EXPECT_EQ(routes().size(), before.routes.size() + 1);
    EXPECT_EQ(apply(AddRoute{wanted}), kAlready);

    EXPECT_EQ(apply(DeleteRoute{wanted}), kDone);
    EXPECT_EQ(network_.observe(), before);
    EXPECT_EQ(apply(DeleteRoute{wanted}), kGone);
}

INSTANTIATE_TEST_SUITE_P(
    All, RouteRoundTrip,
    testing::Values(
        RouteCase{"v4_gateway_on_link", {.to = "10.0.0.1/32", .scope = Scope::link}},
        RouteCase{"v4_network",
                  {.to = "10.0.0.0/16",
                   .via = "10.0.0.1",
                   .src = "10.0.0.2",
                   .metric = 5,
                   .onlink = true}},
        RouteCase{"v4_network_without_metric",
                  {.to = "10.0.0.0/16", .via = "10.0.0.1", .onlink = true}},
        RouteCase{"v4_default", {.via = "172.31.1.1", .onlink = true}},
        RouteCase{"v4_by_ipv6_gateway", {.to = "10.7.0.0/16", .via = "fe80::1"}},
        RouteCase{"v4_highest_metric",
                  {.to = "10.0.0.0/8", .metric = 0xFFFFFFFF, .scope = Scope::link}},
        RouteCase{"v6_gateway",
                  {.to = "2001:db8:2::/48", .via = "fe80::1", .src = "2001:db8::2", .metric = 5}},
        RouteCase{"v6_default", {.to = "::/0", .via = "fe80::1", .metric = 5, .onlink = true}},
        RouteCase{"v6_on_link", {.to = "2001:db8:3::/64", .metric = 5}}),
    name_of<RouteCase>);

class RouteTest : public NetworkTest {
  protected:
    Route network_route() const {
        return route(
            {.link = link_, .to = "10.0.0.0/16", .via = "10.0.0.1", .metric = 5, .onlink = true});
    }

    static nlohmann::json ip_routes(const std::string& filter) {
        return nlohmann::json::parse(lab::run("ip -j -N route show " + filter));
    }
};

TEST_F(RouteTest, ip_shows_what_was_asked_for) {
    lab::run("ip address add 10.0.0.2/32 dev eth1");
    auto wanted = network_route();
    wanted.source = ip("10.0.0.2");
    EXPECT_EQ(apply(AddRoute{wanted}), kDone);
    const auto shown = ip_routes("10.0.0.0/16");
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0].at("gateway"), "10.0.0.1");
    EXPECT_EQ(shown[0].at("dev"), "eth1");
    EXPECT_EQ(shown[0].at("prefsrc"), "10.0.0.2");
    EXPECT_EQ(shown[0].at("metric"), 5);
    EXPECT_EQ(shown[0].at("protocol"), "72");
    EXPECT_EQ(shown[0].at("flags"), nlohmann::json({"onlink"}));
}

TEST_F(RouteTest, ipv6_metric_0_becomes_the_kernels_1024) {
    const auto wanted = route({.link = link_, .to = "2001:db8:3::/64"});
    EXPECT_EQ(apply(AddRoute{wanted}), kDone);
    auto observed = wanted;
    observed.metric = 1024;
    EXPECT_THAT(routes(), Contains(observed));
    // As "any" metric it would take this one; as 1024 it takes its own.
    lab::run("ip -6 route add 2001:db8:3::/64 dev eth1 metric 7 proto 72");
    EXPECT_EQ(apply(DeleteRoute{wanted}), kDone);
    EXPECT_EQ(apply(DeleteRoute{wanted}), kGone);
    observed.metric = 7;
    EXPECT_THAT(routes(), Contains(observed));
}

TEST_F(RouteTest, anothers_route_of_same_destination_and_metric_stays_behind_ours) {
    lab::run("ip route add 10.0.0.0/16 via 10.0.0.1 dev eth1 metric 5 onlink proto static");
    const auto theirs = ip_routes("10.0.0.0/16");
    EXPECT_EQ(apply(AddRoute{network_route()}), kDone);
    const auto both = ip_routes("10.0.0.0/16");
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].at("protocol"), "72") << "the first one is used";
    EXPECT_EQ(both[1], theirs[0]);

    EXPECT_EQ(apply(DeleteRoute{network_route()}), kDone);
    EXPECT_EQ(ip_routes("10.0.0.0/16"), theirs);
    EXPECT_EQ(apply(DeleteRoute{network_route()}), kGone);
    EXPECT_EQ(ip_routes("10.0.0.0/16"), theirs);
}

TEST_F(RouteTest, anothers_ipv6_route_of_same_destination_and_metric_stays_alone) {
    const auto ours =
        route({.link = link_, .to = "2001:db8:2::/48", .via = "fe80::2", .metric = 5});
    lab::run("ip -6 route add 2001:db8:2::/48 via fe80::1 dev eth1 metric 5 proto static");
    const auto show = "ip -6 -N route show 2001:db8:2::/48";
    const auto theirs = lab::run(show);
    EXPECT_EQ(apply(AddRoute{ours}), kAlready);
    EXPECT_EQ(lab::run(show), theirs);
    EXPECT_EQ(apply(DeleteRoute{ours}), kGone);
    EXPECT_EQ(lab::run(show), theirs);
}

}  // namespace
}  // namespace hcloud::host

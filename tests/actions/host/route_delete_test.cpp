// DeleteRoute deletes exactly the route it names. To the kernel, a missing metric, gateway,
// protocol or link means "any": none of these may cost somebody a route.
#include "tests/actions/host/network_fixture.h"

#include <functional>

namespace hcloud::host {
namespace {

using testing::Contains;
using testing::Not;

Route existing_v4(int link) {
    return route(
        {.link = link, .to = "10.0.0.0/16", .via = "10.0.0.1", .metric = 5, .onlink = true});
}

Route existing_v6(int link) {
    return route({.link = link, .to = "2001:db8:2::/48", .via = "fe80::1", .metric = 5});
}

struct NearMiss {
    const char* name;
    std::function<void(Route&)> change;
};

void PrintTo(const NearMiss& test, std::ostream* out) {
    *out << test.name;
}

class AlmostTheRoute : public NetworkTest, public testing::WithParamInterface<NearMiss> {};

TEST_P(AlmostTheRoute, is_left_alone) {
    for (const auto& existing : {existing_v4(link_), existing_v6(link_)}) {
        ASSERT_EQ(apply(AddRoute{existing}), kDone);
        auto other = existing;
        GetParam().change(other);
        if (other == existing) continue;  // what the change sets does not exist in this family
        EXPECT_NE(apply(DeleteRoute{other}), kDone);
        EXPECT_THAT(routes(), Contains(existing));
    }
}

void in_v4(Route& r, Scope scope) {
    if (r.destination.address.is_v4()) r.scope = scope;
}

INSTANTIATE_TEST_SUITE_P(
    All, AlmostTheRoute,
    testing::Values(NearMiss{"other_metric", [](Route& r) { r.metric = 6; }},
                    NearMiss{"no_metric", [](Route& r) { r.metric = 0; }},
                    NearMiss{"other_protocol", [](Route& r) { r.protocol = 4; }},
                    NearMiss{"no_protocol", [](Route& r) { r.protocol = 0; }},
                    NearMiss{"other_gateway",
                             [](Route& r) {
                                 r.gateway = ip(r.gateway->is_v4() ? "10.0.0.9" : "fe80::9");
                             }},
                    NearMiss{"no_gateway", [](Route& r) { r.gateway.reset(); }},
                    NearMiss{"other_link", [](Route& r) { r.link = 1; }},
                    NearMiss{"link_that_is_gone", [](Route& r) { r.link = 999; }},
                    NearMiss{"no_link", [](Route& r) { r.link = 0; }},
                    NearMiss{"other_scope", [](Route& r) { in_v4(r, Scope::link); }},
                    NearMiss{"any_scope", [](Route& r) { in_v4(r, Scope::nowhere); }},
                    NearMiss{"longer_destination", [](Route& r) { ++r.destination.length; }},
                    NearMiss{"shorter_destination", [](Route& r) { --r.destination.length; }},
                    NearMiss{"default_route",
                             [](Route& r) {
                                 r.destination = Prefix{r.destination.address, 0}.network();
                             }}),
    name_of<NearMiss>);

class RouteDeleteTest : public NetworkTest {};

TEST_F(RouteDeleteTest, of_two_that_differ_in_metric_takes_the_named_one) {
    auto without = existing_v4(link_);
    without.metric = 0;
    EXPECT_EQ(apply(AddRoute{existing_v4(link_)}), kDone);
    EXPECT_EQ(apply(AddRoute{without}), kDone);
    EXPECT_EQ(apply(DeleteRoute{without}), kDone);
    EXPECT_THAT(routes(), Not(Contains(without)));
    EXPECT_THAT(routes(), Contains(existing_v4(link_)));
}

TEST_F(RouteDeleteTest, sees_what_was_added_before_it_in_the_same_call) {
    auto wanted = existing_v4(link_);
    wanted.metric = 0;
    const std::vector<Change> changes{AddRoute{wanted}, DeleteRoute{wanted}, DeleteRoute{wanted}};
    EXPECT_THAT(network_.apply(changes), testing::ElementsAre(kDone, kDone, kGone));
}

TEST_F(RouteDeleteTest, after_its_link_is_gone_is_gone) {
    EXPECT_EQ(apply(AddRoute{existing_v4(link_)}), kDone);
    EXPECT_EQ(apply(AddRoute{existing_v6(link_)}), kDone);
    lab::run("ip link delete eth1");
    EXPECT_EQ(apply(DeleteRoute{existing_v4(link_)}), kGone);
    EXPECT_EQ(apply(DeleteRoute{existing_v6(link_)}), kGone);
}

}  // namespace
}  // namespace hcloud::host

// Addresses on the kernel: what is added is observed as given, what is deleted is gone, and nothing
// else.
#include "tests/actions/host/network_fixture.h"

#include <nlohmann/json.hpp>

namespace hcloud::host {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

struct AddressCase {
    const char* name;
    Address address;  // its link is set by the test
};

void PrintTo(const AddressCase& test, std::ostream* out) {
    *out << test.name;
}

class AddressRoundTrip : public NetworkTest, public testing::WithParamInterface<AddressCase> {};

TEST_P(AddressRoundTrip, add_observe_delete) {
    auto address = GetParam().address;
    address.link = link_;
    const auto before = network_.observe();

    EXPECT_EQ(apply(AddAddress{address}), kDone);
    EXPECT_THAT(addresses(), ElementsAre(address));
    EXPECT_EQ(apply(AddAddress{address}), kAlready);

    EXPECT_EQ(apply(DeleteAddress{address}), kDone);
    EXPECT_EQ(network_.observe(), before);
    EXPECT_EQ(apply(DeleteAddress{address}), kGone);
}

INSTANTIATE_TEST_SUITE_P(
    All, AddressRoundTrip,
    testing::Values(
        AddressCase{"v4_scope_host",
                    {.prefix = prefix("10.0.0.3/32"), .scope = Scope::host, .protocol = kProtocol}},
        AddressCase{"v4_subnet", {.prefix = prefix("10.0.1.2/24"), .protocol = kProtocol}},
        AddressCase{"v4_unmarked", {.prefix = prefix("10.0.1.2/32")}},
        AddressCase{"v4_scope_link", {.prefix = prefix("169.254.1.1/16"), .scope = Scope::link}},
        AddressCase{"v4_no_prefix_route",
                    {.prefix = prefix("10.0.1.2/24"), .no_prefix_route = true}},
        AddressCase{"v4_deprecated", {.prefix = prefix("10.0.1.2/32"), .deprecated = true}},
        AddressCase{"v6_floating",
                    {.prefix = prefix("2001:db8:1::1/64"),
                     .protocol = kProtocol,
                     .no_prefix_route = true,
                     .no_dad = true,
                     .deprecated = true}},
        AddressCase{"v6_plain", {.prefix = prefix("2001:db8:1::1/64")}},
        AddressCase{"v6_host", {.prefix = prefix("2001:db8:1::1/128"), .protocol = kProtocol}},
        AddressCase{"v6_deprecated", {.prefix = prefix("2001:db8:1::1/64"), .deprecated = true}},
        AddressCase{"v6_link_local",
                    {.prefix = prefix("fe80::7/64"), .scope = Scope::link, .no_dad = true}}),
    name_of<AddressCase>);

class AddressTest : public NetworkTest {
  protected:
    /// The source address that the kernel gives a new connection to `destination`.
    static std::string source_for(const std::string& destination) {
        const auto answer = nlohmann::json::parse(lab::run("ip -j route get " + destination));
        return answer.at(0).at("prefsrc");
    }

    static nlohmann::json ip_addresses() {
        return nlohmann::json::parse(lab::run("ip -j address show dev eth1")).at(0).at("addr_info");
    }
};

TEST_F(AddressTest, ip_shows_what_was_asked_for) {
    auto floating = Address{.link = link_,
                            .prefix = prefix("2001:db8:1::1/64"),
                            .protocol = kProtocol,
                            .no_prefix_route = true,
                            .no_dad = true,
                            .deprecated = true};
    EXPECT_EQ(apply(AddAddress{host_address("10.0.0.3/32")}), kDone);
    EXPECT_EQ(apply(AddAddress{floating}), kDone);
    const auto shown = ip_addresses();
    ASSERT_EQ(shown.size(), 2U) << shown;
    EXPECT_EQ(shown[0].at("local"), "10.0.0.3");
    EXPECT_EQ(shown[0].at("prefixlen"), 32);
    EXPECT_EQ(shown[0].at("scope"), "host");
    EXPECT_FALSE(shown[0].contains("broadcast"));
    EXPECT_EQ(shown[0].at("preferred_life_time"), 0xFFFFFFFF);
    EXPECT_EQ(shown[1].at("local"), "2001:db8:1::1");
    EXPECT_EQ(shown[1].at("nodad"), true);
    EXPECT_EQ(shown[1].at("noprefixroute"), true);
    EXPECT_EQ(shown[1].at("preferred_life_time"), 0);
    EXPECT_EQ(shown[1].at("valid_life_time"), 0xFFFFFFFF) << "it must not expire";
}

TEST_F(AddressTest, scope_host_is_never_chosen_as_a_source) {
    EXPECT_EQ(apply(AddAddress{host_address("10.0.0.3/32")}), kDone);
    lab::run("ip address add 10.0.0.2/32 dev eth1 && ip route add 10.0.0.0/16 dev eth1");
    EXPECT_EQ(source_for("10.0.0.50"), "10.0.0.2");
}

TEST_F(AddressTest, scope_universe_would_be_chosen_as_a_source) {
    auto address = host_address("10.0.0.3/32");
    address.scope = Scope::universe;
    EXPECT_EQ(apply(AddAddress{address}), kDone);
    lab::run("ip address add 10.0.0.2/32 dev eth1 && ip route add 10.0.0.0/16 dev eth1");
    EXPECT_EQ(source_for("10.0.0.50"), "10.0.0.3");
}

TEST_F(AddressTest, our_32_survives_when_a_primary_of_its_subnet_goes) {
    lab::run("ip address add 10.0.0.2/24 dev eth1 && ip address add 10.0.0.4/24 dev eth1");
    const auto ours = host_address("10.0.0.3/32");
    EXPECT_EQ(apply(AddAddress{ours}), kDone);
    // With promote_secondaries off, 10.0.0.4/24 goes with its primary.
    lab::run(
        "sysctl -qw net.ipv4.conf.eth1.promote_secondaries=0 "
        "net.ipv4.conf.all.promote_secondaries=0");
    lab::run("ip address delete 10.0.0.2/24 dev eth1");
    EXPECT_THAT(addresses(), ElementsAre(ours));
}

TEST_F(AddressTest, others_survive_when_our_32_goes) {
    EXPECT_EQ(apply(AddAddress{host_address("10.0.0.3/32")}), kDone);
    lab::run("ip address add 10.0.0.2/24 dev eth1 && ip address add 10.0.0.3/24 dev eth1");
    EXPECT_EQ(apply(AddAddress{host_address("10.0.0.5/32")}), kDone);
    EXPECT_EQ(apply(DeleteAddress{host_address("10.0.0.3/32")}), kDone);
    EXPECT_THAT(addresses(), ElementsAre(Address{.link = link_, .prefix = prefix("10.0.0.2/24")},
                                         Address{.link = link_, .prefix = prefix("10.0.0.3/24")},
                                         host_address("10.0.0.5/32")));
}

TEST_F(AddressTest, delete_takes_neither_another_prefix_nor_an_address_with_a_peer) {
    lab::run(
        "ip address add 10.0.0.3/24 dev eth1 && ip address add 10.0.0.4 peer 10.0.0.9/32 dev eth1");
    EXPECT_EQ(apply(DeleteAddress{host_address("10.0.0.3/32")}), kGone);
    EXPECT_EQ(apply(DeleteAddress{host_address("10.0.0.4/32")}), kGone);
    EXPECT_EQ(addresses().size(), 2U);
}

TEST_F(AddressTest, delete_takes_no_address_of_another_link) {
    lab::run("ip address add 10.0.0.3/32 dev peer1");
    EXPECT_EQ(apply(DeleteAddress{host_address("10.0.0.3/32")}), kGone);
    EXPECT_THAT(lab::run("ip address show dev peer1"), testing::HasSubstr("10.0.0.3/32"));
}

TEST_F(AddressTest, ipv6_add_meets_the_same_address_under_any_prefix) {
    lab::run("ip address add 2001:db8:1::1/128 dev eth1 nodad");
    const Address wanted{.link = link_, .prefix = prefix("2001:db8:1::1/64"), .no_dad = true};
    EXPECT_EQ(apply(AddAddress{wanted}), kAlready);
    EXPECT_EQ(apply(DeleteAddress{wanted}), kGone);
    EXPECT_THAT(addresses(), Not(Contains(wanted)));
}

TEST_F(AddressTest, mark_is_seen_where_it_is_used) {
    EXPECT_EQ(apply(AddAddress{host_address("10.0.0.3/32")}), kDone);
    const auto snapshot = network_.observe();
    EXPECT_TRUE(snapshot.has_address_protocol);
    EXPECT_THAT(snapshot.addresses, Contains(host_address("10.0.0.3/32")));
}

TEST_F(AddressTest, mark_is_neither_sent_nor_read_when_switched_off) {
    Rtnetlink without({.use_address_protocol = false});
    auto marked = host_address("10.0.0.3/32");
    auto unmarked = marked;
    unmarked.protocol = 0;
    const std::vector<Change> add{AddAddress{marked}};
    EXPECT_THAT(without.apply(add), ElementsAre(kDone));
    EXPECT_THAT(addresses(), ElementsAre(unmarked)) << "it was not sent";

    EXPECT_EQ(apply(DeleteAddress{marked}), kDone);
    EXPECT_EQ(apply(AddAddress{marked}), kDone);
    const auto snapshot = without.observe();
    EXPECT_THAT(snapshot.addresses, Contains(unmarked)) << "it was not read";
    EXPECT_FALSE(snapshot.has_address_protocol);
}

}  // namespace
}  // namespace hcloud::host

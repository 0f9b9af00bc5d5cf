// Corners of the planner that the golden cases (real kernel) cannot reach or would hide.
#include "agent/planner/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

host::IpAddress ip(const char* text) {
    return *host::IpAddress::parse(text);
}
host::Prefix prefix(const char* text) {
    return *host::Prefix::parse(text);
}

host::Link link(int index, const char* name, const char* mac) {
    return {index, name, mac, 1450, true, false, false};
}

host::Address address(int index, const char* text, std::uint8_t protocol,
                      host::Scope scope = host::Scope::universe) {
    host::Address result;
    result.link = index;
    result.prefix = prefix(text);
    result.protocol = protocol;
    result.scope = scope;
    return result;
}

constexpr const char* kMac = "86:00:00:00:00:01";

// One private network with one alias IP; its NIC is link 3.
class PlannerTest : public testing::Test {
  protected:
    PlannerTest() {
        input_.observed.links = {link(3, "eth1", kMac)};
        input_.observed.has_address_protocol = true;
        input_.desired.private_networks = {Certainty::complete,
                                           {{"backend",
                                             kMac,
                                             ip("10.0.0.2"),
                                             {ip("10.0.0.3")},
                                             ip("10.0.0.1"),
                                             prefix("10.0.0.0/16")}}};
    }
    Plan plan() const { return make_plan(input_); }
    std::vector<std::string> changes() const {
        std::vector<std::string> result;
        for (const auto& change : plan().changes) {
            result.push_back(describe(change.change, input_.observed));
        }
        return result;
    }
    ItemState state(const std::string& what) const {
        for (const auto& item : plan().items) {
            if (item.what == what) return item.state;
        }
        ADD_FAILURE() << "no item " << what;
        return ItemState::missing;
    }
    void add(host::Address address) { input_.observed.addresses.push_back(address); }
    void complete() {
        add(address(3, "10.0.0.2/32", 0));
        add(address(3, "10.0.0.3/32", host::kProtocol, host::Scope::host));
        host::Route gateway;
        gateway.link = 3;
        gateway.destination = prefix("10.0.0.1/32");
        host::Route network = gateway;
        network.destination = prefix("10.0.0.0/16");
        network.gateway = ip("10.0.0.1");
        input_.observed.routes = {gateway, network};
        input_.ledger = {{3, prefix("10.0.0.3/32"), purpose::kAlias}};
    }

    PlannerInput input_;
};

TEST_F(PlannerTest, WaitsForDhcpButNotWithTheAliases) {
    EXPECT_THAT(changes(), testing::ElementsAre("address add 10.0.0.3/32 dev eth1 scope host"));
    EXPECT_THAT(plan().waiting_for_dhcp, testing::ElementsAre(kMac));
    input_.grace_over = {kMac};
    EXPECT_TRUE(plan().waiting_for_dhcp.empty());
    EXPECT_THAT(changes(), testing::Contains("address add 10.0.0.2/32 dev eth1"));
}

TEST_F(PlannerTest, WhatTheLedgerListsIsRepairedWithoutWaiting) {
    input_.ledger = {{3, prefix("10.0.0.2/32"), purpose::kPrivate}};
    EXPECT_THAT(changes(), testing::Contains("address add 10.0.0.2/32 dev eth1"));
}

TEST_F(PlannerTest, CompleteMeansNothingToDo) {
    complete();
    EXPECT_TRUE(plan().changes.empty());
    EXPECT_EQ(state("alias 10.0.0.3/32"), ItemState::configured);
    EXPECT_EQ(state("private 10.0.0.2/32"), ItemState::adopted);
    EXPECT_EQ(plan().ledger, input_.ledger);
}

TEST_F(PlannerTest, AnAddressTakenOverByOthersLeavesTheLedgerAndIsNeverDeleted) {
    complete();
    input_.observed.addresses.back().protocol = 0;  // `ip addr replace` clears the mark
    EXPECT_TRUE(plan().changes.empty());
    EXPECT_TRUE(plan().ledger.empty());
    input_.desired.private_networks.list.clear();
    EXPECT_TRUE(plan().changes.empty());
}

TEST_F(PlannerTest, TheLedgerListsAnAddressBeforeItIsAdded) {
    EXPECT_THAT(plan().ledger,
                testing::ElementsAre(host::LedgerEntry{3, prefix("10.0.0.3/32"), purpose::kAlias}));
}

TEST_F(PlannerTest, TheLedgerForgetsALinkThatIsGone) {
    complete();
    input_.ledger.push_back({9, prefix("10.0.0.3/32"), purpose::kAlias});
    EXPECT_EQ(plan().ledger.size(), 1U);
}

TEST_F(PlannerTest, UnknownOrPartialDeletesNothing) {
    complete();
    for (const auto certainty : {Certainty::unknown, Certainty::partial}) {
        input_.desired.private_networks = {certainty, {}};
        EXPECT_TRUE(plan().changes.empty());
        EXPECT_EQ(plan().ledger, input_.ledger);
    }
    input_.desired.private_networks = {Certainty::complete, {}};
    EXPECT_THAT(changes(), testing::ElementsAre("address delete 10.0.0.3/32 dev eth1"));
}

TEST_F(PlannerTest, WithoutTheKernelsMarkTheLedgerDecides) {
    complete();
    input_.observed.has_address_protocol = false;
    for (auto& a : input_.observed.addresses)
        a.protocol = 0;
    input_.desired.private_networks = {Certainty::complete, {}};
    EXPECT_THAT(changes(), testing::ElementsAre("address delete 10.0.0.3/32 dev eth1"));
    input_.ledger.clear();
    EXPECT_TRUE(plan().changes.empty());
}

TEST_F(PlannerTest, AHeldThingIsLeftAloneAndItsLikesToo) {
    complete();
    input_.observed.addresses.pop_back();
    input_.held = {key(host::AddAddress{address(3, "10.0.0.3/32", host::kProtocol)})};
    EXPECT_TRUE(plan().changes.empty());
    EXPECT_EQ(state("alias 10.0.0.3/32"), ItemState::held);
    EXPECT_EQ(plan().ledger, input_.ledger) << "it must still be ours to repair";
}

TEST_F(PlannerTest, WhatWasRefusedWaitsAlsoIfItIsNoAddition) {
    complete();
    input_.desired.private_networks.list[0].alias_ips.clear();
    ASSERT_EQ(changes().size(), 1U);
    input_.held = {key(plan().changes[0].change)};
    EXPECT_TRUE(plan().changes.empty());
}

TEST_F(PlannerTest, ARouteWithSeveralNextHopsIsNotOursWhateverItsProtocol) {
    complete();
    host::Route multipath;
    multipath.destination = prefix("192.0.2.0/24");
    multipath.protocol = host::kProtocol;
    input_.observed.routes.push_back(multipath);
    EXPECT_TRUE(plan().changes.empty());
}

TEST_F(PlannerTest, AnotherScopeOfOursIsReplaced) {
    complete();
    input_.observed.addresses.back().scope = host::Scope::universe;
    EXPECT_THAT(changes(), testing::ElementsAre("address delete 10.0.0.3/32 dev eth1",
                                                "address add 10.0.0.3/32 dev eth1 scope host"));
}

TEST_F(PlannerTest, AFloatingIpWithoutAPlaceKeepsTheOneItHas) {
    complete();
    add(address(3, "203.0.113.77/32", host::kProtocol, host::Scope::host));
    input_.ledger.push_back({3, prefix("203.0.113.77/32"), purpose::kFloating});
    input_.desired.floating_ips = {Certainty::complete, {prefix("203.0.113.77/32")}};
    EXPECT_TRUE(plan().changes.empty()) << "no public NIC is known at the moment";
}

TEST_F(PlannerTest, FrozenChangesNothingAtAll) {
    complete();
    input_.desired.private_networks.list.clear();
    input_.desired.frozen = "not this server";
    EXPECT_EQ(plan().frozen, "not this server");
    EXPECT_TRUE(plan().changes.empty());
    EXPECT_EQ(plan().ledger, input_.ledger);
}

TEST_F(PlannerTest, TheSameInputGivesTheSamePlan) {
    input_.grace_over = {kMac};
    EXPECT_EQ(plan(), plan());
}

TEST_F(PlannerTest, NewThingsComeBeforeOldOnesGo) {
    complete();
    input_.grace_over = {kMac};
    input_.desired.private_networks.list[0].alias_ips = {ip("10.0.0.5")};
    EXPECT_THAT(changes(), testing::ElementsAre("address add 10.0.0.5/32 dev eth1 scope host",
                                                "address delete 10.0.0.3/32 dev eth1"));
}

}  // namespace
}  // namespace hcloud::agent

// A kernel that refuses: what depends on the refused change waits with it, and nothing is tried
// without pause.
#include "agent/daemon/reconciler.h"

#include "actions/host/rtnetlink.h"
#include "tests/lab/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

using lab::run;

// The real kernel, but for the changes that a test wants refused.
class RefusingNetwork : public host::Network {
  public:
    host::Snapshot observe() override { return real_.observe(); }
    host::GuardState observe_guard() override {
        ++guard_looks;
        return guard ? *guard : real_.observe_guard();
    }
    std::vector<host::Outcome> apply(std::span<const host::Change> changes) override {
        std::vector<host::Outcome> outcomes;
        for (const auto& change : changes) {
            ++tried;
            const host::Outcome refusal{host::Outcome::Kind::failed, EBUSY, "busy"};
            outcomes.push_back(refuses && refuses(change) ? refusal : real_.apply({&change, 1})[0]);
        }
        return outcomes;
    }
    std::function<bool(const host::Change&)> refuses;
    int tried = 0;
    std::optional<host::GuardState> guard;  // in the real one's place
    int guard_looks = 0;

  private:
    host::Rtnetlink real_;
};

class ReconcilerTest : public testing::Test {
  protected:
    void SetUp() override {
        lab::add_veth("eth1", "wire1", "86:00:00:00:00:01", false);
        desired_.private_networks = {Certainty::complete,
                                     {{"backend",
                                       "86:00:00:00:00:01",
                                       *host::IpAddress::parse("10.0.0.2"),
                                       {},
                                       *host::IpAddress::parse("10.0.0.1"),
                                       *host::Prefix::parse("10.0.0.0/16")}}};
    }
    CycleReport cycle() { return reconciler_.cycle(desired_, std::chrono::milliseconds(0), now_); }

    lab::TempDir directory_;
    RefusingNetwork network_;
    host::FileLedger ledger_{directory_.path() + "/ledger.json"};
    Reconciler reconciler_{network_, ledger_};
    Desired desired_;
    Clock::time_point now_ = Clock::now();
};

TEST_F(ReconcilerTest, ALinkThatDoesNotComeUpGetsNoAddressAndIsTriedAgain) {
    network_.refuses = [](const host::Change& change) {
        return std::holds_alternative<host::SetLinkUp>(change);
    };
    const auto report = cycle();
    EXPECT_EQ(run("ip -o -4 addr show dev eth1"), "");
    ASSERT_TRUE(report.again.has_value());
    EXPECT_GE(*report.again, now_ + DampingLimits().first_pause);

    network_.refuses = {};
    now_ = *report.again;
    EXPECT_TRUE(cycle().converged());
    EXPECT_THAT(run("ip -o -4 addr show dev eth1"), testing::HasSubstr("10.0.0.2/32"));
    EXPECT_NE(run("ip -o link show eth1 up"), "");
}

TEST_F(ReconcilerTest, ARefusedDeletionIsNotTriedWithoutPause) {
    ASSERT_TRUE(cycle().converged());
    network_.refuses = [](const host::Change& change) {
        return std::holds_alternative<host::DeleteAddress>(change);
    };
    desired_.private_networks.list.clear();
    const auto report = cycle();
    ASSERT_TRUE(report.again.has_value());
    EXPECT_GE(*report.again, now_ + DampingLimits().first_pause);
    const auto tried = network_.tried;
    cycle();
    EXPECT_EQ(network_.tried, tried) << "tried again at once";
    network_.refuses = {};
    now_ = *report.again;
    EXPECT_TRUE(cycle().converged());
    EXPECT_EQ(run("ip -o -4 addr show dev eth1"), "");
}

TEST_F(ReconcilerTest, AGuardThatCannotBeSeenToKeepsNothingElseUp) {
    desired_.guard = host::Guard{{0}};
    network_.guard = {host::GuardState::Kind::unseen, {}, "no nf_tables"};
    const auto report = cycle();
    EXPECT_TRUE(report.converged());
    EXPECT_THAT(run("ip -o -4 addr show dev eth1"), testing::HasSubstr("10.0.0.2/32"));
    ASSERT_FALSE(report.plan.items.empty());
    EXPECT_EQ(report.plan.items[0].what, "guard 169.254.169.254 for uid 0");
    EXPECT_EQ(report.plan.items[0].state, ItemState::pending);
    EXPECT_EQ(report.plan.items[0].note, "no nf_tables");
}

// To look is to load nf_tables.
TEST_F(ReconcilerTest, NobodyLooksForAGuardWhereThereIsNone) {
    ASSERT_TRUE(cycle().converged());
    EXPECT_EQ(network_.guard_looks, 0);
    desired_.guard = host::Guard{{0}};
    ASSERT_TRUE(cycle().converged());
    EXPECT_GT(network_.guard_looks, 0);
    desired_.guard.reset();
    ASSERT_TRUE(cycle().converged());
    ASSERT_TRUE(cycle().converged());
    network_.guard_looks = 0;
    ASSERT_TRUE(cycle().converged());
    EXPECT_EQ(network_.guard_looks, 0);
}

TEST_F(ReconcilerTest, ATableThatOnlyHasTheGuardsNameStays) {
    run("nft add table ip hcloud_agent");
    EXPECT_TRUE(cycle().converged());
    EXPECT_EQ(run("nft list tables"), "table ip hcloud_agent\n");
}

TEST_F(ReconcilerTest, AGuardThatOthersFlushIsPutBackAndThatCountsAsARepair) {
    desired_.guard = host::Guard{{0}};
    EXPECT_FALSE(cycle().steps.at(0).repair);
    EXPECT_TRUE(cycle().steps.empty()) << "a second cycle does nothing";
    run("nft flush ruleset");
    const auto report = cycle();
    ASSERT_EQ(report.steps.size(), 1U);
    EXPECT_TRUE(report.steps[0].repair);
    EXPECT_EQ(report.steps[0].text(), "guard add 169.254.169.254 for uid 0");

    desired_.guard = host::Guard{{0, 33}};
    const auto other = cycle();
    ASSERT_EQ(other.steps.size(), 1U);
    EXPECT_FALSE(other.steps[0].repair) << "who configures others has taken nothing away";
    EXPECT_EQ(other.steps[0].text(), "guard change 169.254.169.254 for uids 0, 33");
}

TEST_F(ReconcilerTest, AGuardThatIsFlushedAgainAndAgainIsPutBackWithPauses) {
    desired_.guard = host::Guard{{0}};
    ASSERT_TRUE(cycle().converged());
    for (int i = 0; i <= DampingLimits().free_losses; ++i) {
        run("nft flush ruleset");
        cycle();
    }
    const auto report = cycle();
    EXPECT_TRUE(report.contested.contains(report.plan.items.at(0).key));
    ASSERT_TRUE(report.again.has_value());
    EXPECT_GT(*report.again, now_);
    now_ = *report.again;
    EXPECT_TRUE(cycle().converged());
    EXPECT_NE(run("nft list ruleset"), "");
}

}  // namespace
}  // namespace hcloud::agent

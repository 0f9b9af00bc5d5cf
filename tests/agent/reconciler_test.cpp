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
    EXPECT_GE(*report.again, now_ + Damping::kFirstPause);

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
    EXPECT_GE(*report.again, now_ + Damping::kFirstPause);
    const auto tried = network_.tried;
    cycle();
    EXPECT_EQ(network_.tried, tried) << "tried again at once";
    network_.refuses = {};
    now_ = *report.again;
    EXPECT_TRUE(cycle().converged());
    EXPECT_EQ(run("ip -o -4 addr show dev eth1"), "");
}

}  // namespace
}  // namespace hcloud::agent

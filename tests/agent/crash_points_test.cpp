// Every step may be the last: the agent is killed after each single side effect in turn, netlink
// message by netlink message and ledger write by ledger write, and the next start ends in the same
// state each time.
#include "actions/host/ledger.h"
#include "actions/host/rtnetlink.h"
#include "agent/daemon/reconciler.h"
#include "tests/lab/command.h"

#include <algorithm>
#include <iostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hcloud::agent {
namespace {

using lab::run;

host::IpAddress ip(const char* text) {
    return *host::IpAddress::parse(text);
}
host::Prefix prefix(const char* text) {
    return *host::Prefix::parse(text);
}

// Counts side effects, and dies after the one it was told.
class Fuse {
  public:
    explicit Fuse(int limit) : left_(limit) {}
    void burn() {
        if (left_-- == 0) kill(getpid(), SIGKILL);
    }

  private:
    int left_;
};

class DyingNetwork : public host::Network {
  public:
    DyingNetwork(host::RtnetlinkOptions options, Fuse& fuse) : real_(options), fuse_(fuse) {}
    host::Snapshot observe() override { return real_.observe(); }
    host::GuardState observe_guard() override { return real_.observe_guard(); }
    std::vector<host::Outcome> apply(std::span<const host::Change> changes) override {
        std::vector<host::Outcome> outcomes;
        for (const auto& change :
             changes) {  // one message at a time, where the agent sends batches
            outcomes.push_back(real_.apply({&change, 1}).at(0));
            fuse_.burn();
        }
        return outcomes;
    }

  private:
    host::Rtnetlink real_;
    Fuse& fuse_;
};

class DyingLedger : public host::Ledger {
  public:
    DyingLedger(const std::string& path, Fuse& fuse) : real_(path), fuse_(fuse) {}
    std::vector<host::LedgerEntry> load() override { return real_.load(); }
    void save(const std::vector<host::LedgerEntry>& entries) override {
        real_.save(entries);
        fuse_.burn();
    }

  private:
    host::FileLedger real_;
    Fuse& fuse_;
};

constexpr int kNever = 1000000;

class CrashPoints : public testing::TestWithParam<bool> {
  protected:
    // True if the cycle ran to its end before the fuse did.
    bool cycle_in_child(const Desired& desired, int fuse_length) {
        const pid_t child = fork();
        if (child == 0) {
            Fuse fuse(fuse_length);
            DyingNetwork network({.use_address_protocol = GetParam()}, fuse);
            DyingLedger ledger(ledger_path(), fuse);
            Reconciler reconciler(network, ledger);
            const auto report =
                reconciler.cycle(desired, std::chrono::milliseconds(0), Clock::now());
            _exit(report.converged() ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) return false;
        EXPECT_EQ(WEXITSTATUS(status), 0) << "a whole cycle did not converge";
        return true;
    }

    void make_host() {
        lab::try_run("nft flush ruleset; ip link del eth0; ip link del eth1; rm -f " +
                     ledger_path());
        lab::add_veth("eth0", "wire0", "96:00:00:00:00:2a");
        lab::add_veth("eth1", "wire1", "86:00:00:00:00:01", false);
        run("ip addr add 203.0.113.10/32 dev eth0; ip route add 172.31.1.1 dev eth0;"
            "ip route add default via 172.31.1.1; ip addr add 192.0.2.1/32 dev eth1");
    }

    // Without what differs from one pair of veth links to the next.
    static std::string state_of_host() {
        return run(
            "ip -o addr show eth0 | cut -d' ' -f3-; ip -o addr show eth1 | cut -d' ' -f3-;"
            "ip route show; cat /sys/class/net/eth1/mtu; ip -o link show eth1 up | wc -l;"
            "nft list ruleset");
    }
    std::string state_of_ledger() {
        std::string text;
        for (const auto& entry : host::FileLedger(ledger_path()).load()) {
            text += entry.prefix.to_string() + " " + entry.purpose + "\n";
        }
        return text;
    }

    // How many points there were; `prepare` makes the host that `desired` is then brought to.
    template <typename Prepare>
    int kill_at_each_point(const Desired& desired, Prepare prepare) {
        prepare();
        EXPECT_TRUE(cycle_in_child(desired, kNever));
        const auto host = state_of_host();
        const auto ledger = state_of_ledger();
        for (int point = 0; point < kNever; ++point) {
            prepare();
            if (cycle_in_child(desired, point)) return point;
            EXPECT_TRUE(cycle_in_child(desired, kNever));
            EXPECT_EQ(state_of_host(), host) << "killed after side effect " << point + 1;
            EXPECT_EQ(state_of_ledger(), ledger) << "killed after side effect " << point + 1;
        }
        return kNever;
    }

    static Desired everything() {
        Desired desired;
        desired.private_networks = {Certainty::complete,
                                    {{"backend",
                                      "86:00:00:00:00:01",
                                      ip("10.0.0.2"),
                                      {ip("10.0.0.3"), ip("10.0.0.4")},
                                      ip("10.0.0.1"),
                                      prefix("10.0.0.0/16")}}};
        desired.floating_ips = {Certainty::complete,
                                {prefix("203.0.113.77/32"), prefix("2001:db8:77::1/64")}};
        desired.public_addresses = {ip("203.0.113.10")};
        desired.guard = host::Guard{{0}};
        return desired;
    }

    std::string ledger_path() const { return directory_.path() + "/ledger.json"; }
    lab::TempDir directory_;
};

TEST_P(CrashPoints, SettingUp) {
    const int points = kill_at_each_point(everything(), [&] { make_host(); });
    std::cout << "killed at " << points << " points\n";
    // The guard, MTU, up, 5 addresses, 2 routes, and the ledger before them.
    EXPECT_EQ(points, 11);
}

TEST_P(CrashPoints, TakingEverythingAway) {
    Desired nothing;
    nothing.private_networks.certainty = Certainty::complete;
    nothing.floating_ips.certainty = Certainty::complete;
    const int points = kill_at_each_point(nothing, [&] {
        make_host();
        ASSERT_TRUE(cycle_in_child(everything(), kNever));
    });
    std::cout << "killed at " << points << " points\n";
    // The guard, 2 routes, 5 addresses, and the ledger after them.
    EXPECT_EQ(points, 9);
}

TEST_P(CrashPoints, ChangingNearlyEverything) {
    auto changed = everything();
    auto& network = changed.private_networks.list[0];
    network.ip = ip("10.0.0.12");
    network.alias_ips = {ip("10.0.0.4"), ip("10.0.0.5")};
    changed.floating_ips.list = {prefix("203.0.113.78/32")};
    changed.guard = host::Guard{{0, 33}};
    const int points = kill_at_each_point(changed, [&] {
        make_host();
        ASSERT_TRUE(cycle_in_child(everything(), kNever));
    });
    std::cout << "killed at " << points << " points\n";
    EXPECT_GE(points, 10);
}

INSTANTIATE_TEST_SUITE_P(Kernel, CrashPoints, testing::Bool(),
                         [](const auto& i) { return i.param ? "WithMark" : "WithoutMark"; });

}  // namespace
}  // namespace hcloud::agent

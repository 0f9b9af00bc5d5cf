// The guard's table: seen as it is, put back as a whole, taken away without a trace, and no other
// table with it.
#include "actions/host/guard_monitor.h"
#include "tests/actions/host/guard_fixture.h"

#include <array>

#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace hcloud::host {
namespace {

using Kind = GuardState::Kind;

constexpr const char* kForeign = R"(
table ip filter {
	chain output {
		type filter hook output priority filter; policy accept;
		ip daddr 169.254.169.254 counter accept
	}
}
table inet hcloud_agent {
	chain output {
		type filter hook output priority filter; policy accept;
		meta skuid 0 accept
	}
}
)";

class GuardRepairTest : public testing::Test {
  protected:
    void TearDown() override { lab::run("nft flush ruleset"); }
    Outcome apply(const Change& change) { return network_.apply({&change, 1}).at(0); }
    static std::string foreign() {
        return lab::run("nft -s list table ip filter; nft -s list table inet hcloud_agent");
    }

    Rtnetlink network_;
    const Guard guard_{{0, 33, 4294967294}};
};

TEST_F(GuardRepairTest, IsSeenAsItWasSet) {
    EXPECT_EQ(network_.observe_guard(), (GuardState{Kind::absent, {}, {}}));
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_EQ(network_.observe_guard(), (GuardState{Kind::intact, guard_, {}}));
    const Guard other{{0}};
    ASSERT_EQ(apply(ChangeGuard{other}), Outcome{});
    EXPECT_EQ(network_.observe_guard(), (GuardState{Kind::intact, other, {}}));
    ASSERT_EQ(apply(DeleteGuard{}), Outcome{});
    EXPECT_EQ(network_.observe_guard(), (GuardState{Kind::absent, {}, {}}));
    EXPECT_EQ(lab::run("nft list ruleset"), "");
    EXPECT_EQ(apply(DeleteGuard{}).kind, Outcome::Kind::gone);
}

TEST_F(GuardRepairTest, TouchesNoTableOfOthers) {
    lab::TempDir directory;
    lab::run("nft -f " + directory.write("foreign", kForeign));
    const auto before = foreign();
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_EQ(foreign(), before);
    ASSERT_EQ(apply(DeleteGuard{}), Outcome{});
    EXPECT_EQ(foreign(), before);
    EXPECT_EQ(network_.observe_guard().kind, Kind::absent)
        << "another family's table was taken for ours";
}

class GuardAltered : public GuardRepairTest, public testing::WithParamInterface<const char*> {};

TEST_P(GuardAltered, IsNoticedAndPutBack) {
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    lab::run(GetParam());
    const auto seen = network_.observe_guard();
    EXPECT_THAT(seen.kind, testing::AnyOf(Kind::altered, Kind::absent));
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_EQ(network_.observe_guard(), (GuardState{Kind::intact, guard_, {}}));
}

INSTANTIATE_TEST_SUITE_P(
    By, GuardAltered,
    testing::Values("nft flush ruleset", "nft flush chain ip hcloud_agent output",
                    "nft delete chain ip hcloud_agent forward",
                    "nft insert rule ip hcloud_agent output accept",
                    "nft add rule ip hcloud_agent forward accept",
                    "nft add chain ip hcloud_agent output '{ policy drop; }'",
                    "nft add table ip hcloud_agent '{ flags dormant; }'",
                    "nft delete table ip hcloud_agent; nft add table ip hcloud_agent"));

class GuardMonitorTest : public GuardRepairTest {
  protected:
    /// The kernel queues an event before it answers the request that caused it.
    bool woken_by(const std::string& command) {
        monitor_.drain();
        lab::run(command);
        return monitor_.drain();
    }
    GuardMonitor monitor_;
};

TEST_F(GuardMonitorTest, WakesForOurTableAlone) {
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_TRUE(monitor_.drain()) << "our own change";
    EXPECT_FALSE(monitor_.drain());
    EXPECT_FALSE(woken_by("nft add table ip others; nft add chain ip others hcloud_agent"));
    EXPECT_TRUE(woken_by("nft flush chain ip hcloud_agent output"));
    EXPECT_TRUE(woken_by("nft flush ruleset"));
}

TEST_F(GuardMonitorTest, BecomesReadable) {
    pollfd waiting{monitor_.fd(), POLLIN, 0};
    ASSERT_EQ(poll(&waiting, 1, 0), 0);
    lab::run("nft add table ip hcloud_agent");
    EXPECT_EQ(poll(&waiting, 1, 0), 1);
}

/// Sockets of this netlink protocol cannot be opened any longer, as where the kernel lacks it.
bool forget_netlink(unsigned protocol, unsigned code) {
    std::array<sock_filter, 8> filter{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, protocol, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | code),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    sock_fprog program{filter.size(), filter.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST_F(GuardRepairTest, AKernelWithoutNfTablesIsNamedAsSuch) {
    const auto code = lab::as_user(0, [] {
        if (!forget_netlink(NETLINK_NETFILTER, EPROTONOSUPPORT)) return 1;
        Rtnetlink network;
        const std::string text =
            "cannot open a netlink socket: Protocol not supported (this kernel has no nf_tables)";
        if (network.observe_guard() != GuardState{Kind::unseen, {}, text}) return 2;
        const Change change = AddGuard{{{0}}};
        const Outcome refused{Outcome::Kind::failed, EPROTONOSUPPORT, text};
        if (network.apply({&change, 1}).at(0) != refused) return 3;
        return network.observe().links.empty() ? 4 : 0;  // the rest goes on
    });
    EXPECT_EQ(code, 0);
}

TEST_F(GuardRepairTest, ItTakesARightAndSaysSo) {
    const auto code = lab::as_user(1000, [] {
        Rtnetlink network;
        const auto seen = network.observe_guard();
        const Change change = AddGuard{{{0}}};
        const auto outcome = network.apply({&change, 1}).at(0);
        const bool good = seen.kind == Kind::unseen && outcome.code == EPERM &&
                          seen.problem.ends_with("(it takes CAP_NET_ADMIN)") &&
                          outcome.message.ends_with("(it takes CAP_NET_ADMIN)");
        return good ? 0 : 1;
    });
    EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace hcloud::host

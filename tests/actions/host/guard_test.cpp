// The guard: who gets through and who does not, and how soon the others are told.
#include "tests/actions/host/guard_fixture.h"

#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hcloud::host {
namespace {

TEST_F(GuardTest, LetsListedUsersThroughAndRefusesOthersAtOnce) {
    ASSERT_EQ(reach(kOther), 0) << "there is a guard before there is one";
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_EQ(reach(0), 0);
    EXPECT_EQ(reach(kListed), 0);
    const auto sent_again = lab::kernel_counter("TcpExtTCPSynRetrans");
    EXPECT_EQ(reach(kOther), ECONNREFUSED);
    EXPECT_EQ(reach(65534), ECONNREFUSED);
    EXPECT_EQ(lab::kernel_counter("TcpExtTCPSynRetrans"), sent_again)
        << "the first SYN was not answered";
}

TEST_F(GuardTest, RefusesOtherProtocolsToo) {
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_EQ(reach(kOther, SOCK_DGRAM), EPERM);
    EXPECT_EQ(reach(kListed, SOCK_DGRAM), 0);
    EXPECT_EQ(reach(kOther, SOCK_STREAM, IPPROTO_MPTCP), ECONNREFUSED);
}

TEST_F(GuardTest, RefusesWhatIsForwarded) {
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_EQ(reach_from_container(), 7);
    ASSERT_EQ(apply(DeleteGuard{}), Outcome{});
    EXPECT_EQ(reach_from_container(), 0);
}

TEST_F(GuardTest, LeavesEveryOtherAddressAlone) {
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    const auto ping =
        lab::as_user(kOther, [] { return lab::try_to_reach("10.9.0.2", 9, SOCK_DGRAM); });
    EXPECT_EQ(ping, 0);
    EXPECT_EQ(lab::try_run(entering(container_) + "ping -c 1 -W 300 203.0.113.10").exit_code, 0);
}

// Root of a user namespace is whoever made it.
TEST_F(GuardTest, IsNotFooledByRootOfAUserNamespace) {
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    const auto code = lab::as_user(kOther, [] {
        // unshare() is refused to a process with threads, and the thread sanitizer has one.
        const auto child = static_cast<pid_t>(
            syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
        if (child < 0) return errno;
        if (child == 0) _exit(lab::try_to_reach(kAddress, 80, SOCK_STREAM));
        int status = 0;
        waitpid(child, &status, 0);
        return WEXITSTATUS(status);
    });
    EXPECT_EQ(code, ECONNREFUSED);
}

// Its last acknowledgement belongs to no user, since the socket is closed already; without it the
// service would wait, and ask again.
TEST_F(GuardTest, LetsAClosedConnectionEndAsItShould) {
    const auto service_is_idle = [&] {
        return in(cloud_, "ss -Htn exclude listening exclude time-wait").empty();
    };
    ASSERT_TRUE(lab::wait_until(service_is_idle));
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    const auto retransmitted = [&] {
        return in(cloud_, "nstat -az TcpRetransSegs | grep TcpRetransSegs");
    };
    const auto before = retransmitted();
    // Reads all of the answer: what closes with something unread ends with a reset.
    ASSERT_EQ(lab::run("curl -sS --noproxy '*' http://" + std::string(kAddress)), "hi");
    EXPECT_TRUE(lab::wait_until(service_is_idle));
    EXPECT_EQ(retransmitted(), before);
}

TEST_F(GuardTest, IsPlainToReadInNft) {
    ASSERT_EQ(apply(AddGuard{guard_}), Outcome{});
    EXPECT_EQ(lab::run("nft list ruleset"), R"(table ip hcloud_agent {
	chain output {
		type filter hook output priority filter; policy accept;
		ip daddr != 169.254.169.254 accept
		meta skuid 0 accept
		meta skuid 33 accept
		meta skuid != 4294967295 reject with tcp reset
		tcp flags ! syn accept
		reject with tcp reset
		reject with icmp admin-prohibited
	}

	chain forward {
		type filter hook forward priority filter; policy accept;
		ip daddr != 169.254.169.254 accept
		reject with tcp reset
		reject with icmp admin-prohibited
	}
}
)");
    lab::TempDir directory;
    lab::run("nft list ruleset > " + directory.path() + "/saved; nft flush ruleset; nft -f " +
             directory.path() + "/saved");
    EXPECT_EQ(network_.observe_guard(), (GuardState{GuardState::Kind::intact, guard_, {}}))
        << "a saved ruleset that is loaded again would be taken for an altered one";
}

}  // namespace
}  // namespace hcloud::host

// The daemon with metadata.guard: it shuts out whom it should, puts the guard back when a firewall
// is loaded anew, takes it away when it is told to, and leaves it when it stops.
#include "tests/agent/server_fixture.h"
#include "tests/lab/users.h"

#include <algorithm>
#include <cerrno>

#include <signal.h>
#include <sys/socket.h>

namespace hcloud::agent {
namespace {

using lab::run;
using lab::wait_until;
using nlohmann::json;

constexpr uid_t kService = 998;
constexpr uid_t kListed = 33;
constexpr uid_t kOther = 1000;
constexpr const char* kForeign = R"(
table inet firewall {
	chain input {
		type filter hook input priority filter; policy accept;
		tcp dport 22 accept
	}
}
)";

class GuardedServer : public ServerTest {
  protected:
    void SetUp() override {
        server_.write_config({{"metadata", {{"guard", "root-only"}, {"guard_users", {kListed}}}}});
    }

    static int reach(uid_t uid) {
        return lab::as_user(uid,
                            [] { return lab::try_to_reach("169.254.169.254", 80, SOCK_STREAM); });
    }
    static bool is_guarded() { return reach(kOther) == ECONNREFUSED; }

    /// What `status` says of the guard.
    json item() const {
        const auto status = server_.status();
        for (const auto& item : status.at("items")) {
            if (item.at("kind") == "guard") return item;
        }
        return {};
    }
    bool logged(const std::string& text) const {
        return server_.log().find(text) != std::string::npos;
    }
};

TEST_F(GuardedServer, LetsRootTheListedAndTheAgentThrough) {
    ASSERT_EQ(reach(kOther), 0);
    start();
    EXPECT_EQ(reach(kOther), ECONNREFUSED) << server_.log();
    EXPECT_EQ(reach(0), 0);
    EXPECT_EQ(reach(kListed), 0);
    EXPECT_EQ(item().at("what"), "guard 169.254.169.254 for uids 0, 33");
    EXPECT_EQ(item().at("state"), "configured");
    EXPECT_EQ(server_.command("plan").exit_code, 0) << "a second cycle finds something to do";
    const auto asked = server_.request_count("/hetzner/v1/metadata");
    EXPECT_TRUE(wait_until([&] {
        return server_.request_count("/hetzner/v1/metadata") > asked + 1;
    })) << "the agent no longer reaches metadata itself";
    EXPECT_EQ(server_.status().at("metadata").at("state"), "ok");
}

// "flush ruleset" is how most saved firewalls begin.
TEST_F(GuardedServer, IsPutBackWhenAFirewallIsLoadedAnew) {
    start();
    const auto file =
        server_.directory().write("firewall", std::string("flush ruleset\n") + kForeign);
    for (int i = 0; i < 3; ++i) {
        run("nft -f " + file);
        EXPECT_TRUE(wait_until(is_guarded)) << server_.log();
    }
    EXPECT_TRUE(wait_until([&] { return logged("repaired: guard add 169.254.169.254"); }));
    EXPECT_THAT(run("nft list table inet firewall"), testing::HasSubstr("tcp dport 22 accept"));
}

TEST_F(GuardedServer, GoesWhenItIsTurnedOffAndNothingElseWithIt) {
    run("nft -f " + server_.directory().write("firewall", kForeign));
    const auto before = run("nft list ruleset");
    start();
    ASSERT_TRUE(is_guarded());
    server_.write_config({{"metadata", {{"guard", "off"}}}});
    server_.agent().signal(SIGHUP);
    EXPECT_TRUE(wait_until([] { return reach(kOther) == 0; })) << server_.log();
    EXPECT_EQ(run("nft list ruleset"), before);
    EXPECT_TRUE(item().is_null());
}

TEST_F(GuardedServer, StaysWhenTheAgentStopsAndARestartChangesNothing) {
    start();
    server_.stop_agent(SIGTERM);
    EXPECT_TRUE(is_guarded());
    server_.start_agent();
    EXPECT_FALSE(logged("guard add")) << server_.log();
    server_.stop_agent(SIGKILL);
    // Turned off while nobody was there.
    server_.write_config({{"metadata", {{"guard", "off"}}}});
    server_.start_agent();
    EXPECT_EQ(reach(kOther), 0) << server_.log();
    EXPECT_EQ(run("nft list ruleset"), "");
}

TEST_F(GuardedServer, FollowsTheListOfUsers) {
    start();
    server_.write_config({{"metadata", {{"guard_users", {kOther}}}}});
    server_.agent().signal(SIGHUP);
    EXPECT_TRUE(wait_until([] { return reach(kOther) == 0; })) << server_.log();
    EXPECT_EQ(reach(kListed), ECONNREFUSED);
    EXPECT_TRUE(
        wait_until([&] { return logged("guard change 169.254.169.254 for uids 0, 1000"); }));
}

// As the unit runs it. `plan` is root's all the same, and agrees on who the agent is.
TEST_F(GuardedServer, WorksAsAUserWithOneRight) {
    const auto users = server_.directory().write(
        "passwd", lab::read_file("/etc/passwd") + "hcloud-agent:x:998:998::/:/usr/sbin/nologin\n");
    run("mount --bind " + users + " /etc/passwd");
    run("mkdir -p " + server_.runtime_dir() + " && chown -R 998:998 " + server_.directory().path());
    server_.launch_agent({}, {"setpriv", "--reuid=998", "--regid=998", "--clear-groups",
                              "--bounding-set=-all,+net_admin", "--inh-caps=-all,+net_admin",
                              "--ambient-caps=-all,+net_admin", "--"});
    started_ = true;
    ASSERT_TRUE(wait_until([&] { return logged("ready: "); })) << server_.log();
    EXPECT_EQ(reach(kService), 0);
    EXPECT_TRUE(is_guarded());
    const auto plan = server_.command("plan");
    EXPECT_EQ(plan.exit_code, 0) << plan.output;
    run("nft flush ruleset");
    EXPECT_TRUE(wait_until(is_guarded)) << server_.log();
    EXPECT_EQ(server_.stop_agent(SIGTERM), 0);
    run("umount /etc/passwd");
}

// Without the right everything that needs none goes on, and it is said.
TEST_F(GuardedServer, SaysWhatItTakesWhenItCannotBe) {
    run("mkdir -p " + server_.runtime_dir() + " && chown -R 998:998 " + server_.directory().path());
    server_.launch_agent({}, {"setpriv", "--reuid=998", "--regid=998", "--clear-groups",
                              "--bounding-set=-all", "--inh-caps=-all", "--"});
    started_ = true;
    const char* problem = "metadata.guard: cannot be seen to: ";
    ASSERT_TRUE(wait_until([&] { return logged(problem); })) << server_.log();
    ASSERT_TRUE(wait_until([&] { return server_.command("status").exit_code == 0; }));
    const auto text = server_.command("status").output;
    EXPECT_THAT(text, testing::HasSubstr(problem));
    EXPECT_THAT(text, testing::HasSubstr("(it takes CAP_NET_ADMIN)"));
    EXPECT_EQ(item().at("state"), "pending");
    EXPECT_TRUE(wait_until([&] { return server_.status().at("metadata").at("state") == "ok"; }));
}

}  // namespace
}  // namespace hcloud::agent

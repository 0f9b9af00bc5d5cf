// `hcloud-agent wait`: what each goal waits for, what it does not, and what is said when time is
// over.
#include "tests/agent/server_fixture.h"

#include <chrono>
#include <future>

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::CommandResult;
using lab::wait_until;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kUnpluggedMac = "86:00:00:00:00:99";

class Wait : public ServerTest {
  protected:
    // One look, as things are now.
    CommandResult now(const std::string& goal) {
        return server_.answered_command("wait " + goal + " --timeout 0s");
    }
    /// How long that takes beside a frozen agent, which is what it has to say in the end.
    std::chrono::steady_clock::duration time_in_vain(const std::string& words) {
        const auto before = std::chrono::steady_clock::now();
        const auto result = server_.command(words);
        EXPECT_THAT(result.output, HasSubstr("no agent answers at")) << words;
        EXPECT_EQ(result.exit_code, words == "status" ? 69 : 75) << words;
        return std::chrono::steady_clock::now() - before;
    }
    void attach_a_network_whose_nic_is_not_there() {
        server_.change_cloud(
            {{"networks",
              {{"4713",
                {{"name", "late"}, {"ip_range", "10.2.0.0/16"}, {"subnets", {"10.2.0.0/24"}}}}}},
             {"servers",
              {{"42",
                {{"private_net",
                  {{{"network", 4711},
                    {"ip", "10.0.0.2"},
                    {"alias_ips", {"10.0.0.3", "10.0.0.4"}},
                    {"mac_address", lab::Server::kBackendMac}},
                   {{"network", 4712},
                    {"ip", "10.1.0.2"},
                    {"alias_ips", {"10.1.0.3"}},
                    {"mac_address", lab::Server::kStorageMac}},
                   {{"network", 4713},
                    {"ip", "10.2.0.2"},
                    {"alias_ips", json::array()},
                    {"mac_address", kUnpluggedMac}}}}}}}}});
    }
};

TEST_F(Wait, BothGoalsAreReachedWhenAllIsInPlace) {
    start();
    for (const char* goal : {"configured", "online"}) {
        const auto result = now(goal);
        EXPECT_EQ(result.exit_code, 0) << goal;
        EXPECT_EQ(result.output, "") << goal;
    }
}

TEST_F(Wait, AnAgentThatIsYetToStartIsWaitedFor) {
    for (const char* goal : {"configured", "online"}) {
        lab::Process waiting({lab::program("hcloud-agent"), "--runtime-dir", server_.runtime_dir(),
                              "wait", goal, "--timeout", "1h"});
        start();
        EXPECT_EQ(waiting.wait(), 0) << goal << ": " << waiting.output();
        EXPECT_EQ(server_.stop_agent(SIGTERM), 0);
    }
}

TEST_F(Wait, WithoutAnAgentTheSocketIsNamed) {
    for (const char* goal : {"configured", "online"}) {
        const auto result = now(goal);
        EXPECT_EQ(result.exit_code, 75) << goal;
        EXPECT_THAT(result.output, AllOf(HasSubstr(std::string("not ") + goal + " in time"),
                                         HasSubstr("no agent answers at " + server_.runtime_dir() +
                                                   "/agent.sock")));
    }
}

TEST_F(Wait, ANicThatIsNotThereHoldsUpOnlyOnline) {
    start();
    attach_a_network_whose_nic_is_not_there();
    ASSERT_TRUE(wait_until([&] { return now("online").exit_code == 75; }));
    EXPECT_THAT(
        now("online").output,
        HasSubstr(std::string("pending: private 10.2.0.2: no NIC with MAC ") + kUnpluggedMac));
    EXPECT_EQ(server_.command("wait configured").exit_code, 0);
    lab::add_veth("eth3", "wire3", kUnpluggedMac);
    const auto online = server_.command("wait online");
    EXPECT_EQ(online.exit_code, 0) << online.output;
    EXPECT_EQ(lab::Server::addresses("eth3"), std::set<std::string>{"10.2.0.2/32"});
}

TEST_F(Wait, AnApiThatHangsHoldsUpOnlyConfigured) {
    server_.fault({{"path", "/v1/*"}, {"hang", true}});
    server_.launch_agent();
    started_ = true;
    const auto online = server_.command("wait online");
    EXPECT_EQ(online.exit_code, 0) << online.output;
    EXPECT_EQ(lab::Server::addresses("eth1"), lab::Server::expected("eth1"));
    const auto configured = now("configured");
    EXPECT_EQ(configured.exit_code, 75);
    EXPECT_THAT(configured.output,
                AllOf(HasSubstr("the agent is converging"), HasSubstr("api: not asked yet"),
                      Not(HasSubstr("metadata"))));
}

TEST_F(Wait, MetadataThatFailsHoldsUpBothAndIsNamed) {
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    server_.launch_agent();
    started_ = true;
    for (const std::string goal : {"configured", "online"}) {
        ASSERT_TRUE(wait_until([&] { return now(goal).output.find("500") != std::string::npos; }))
            << now(goal).output;
        EXPECT_EQ(now(goal).exit_code, 75);
        EXPECT_THAT(now(goal).output,
                    HasSubstr("metadata: GET http://169.254.169.254/hetzner/v1/metadata failed"));
    }
    server_.clear_faults();
    EXPECT_EQ(server_.command("wait configured").exit_code, 0);
    EXPECT_EQ(server_.command("wait online").exit_code, 0);
}

// What is in place stays: a script that starts now need not wait for the service to come back.
TEST_F(Wait, OnlineOutlivesAMetadataServiceThatGoesAway) {
    start();
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    ASSERT_TRUE(wait_until([&] { return server_.status()["metadata"]["state"] == "failing"; }));
    EXPECT_EQ(now("online").exit_code, 0) << now("online").output;
}

TEST_F(Wait, SomebodyElsesMetadataReachesNoGoal) {
    server_.directory().write("credentials/dmi-serial", "43\n");
    server_.launch_agent();
    started_ = true;
    for (const std::string goal : {"configured", "online"}) {
        ASSERT_TRUE(wait_until([&] {
            return now(goal).output.find("server 43") != std::string::npos;
        })) << now(goal).output;
        EXPECT_EQ(now(goal).exit_code, 75);
    }
    EXPECT_THAT(now("online").output, HasSubstr("identity: mismatch"));
    EXPECT_THAT(now("configured").output, HasSubstr("the agent is frozen"));
}

// Held against `status`, which waits for an answer as long as a look may take. A slow machine has
// more than one try to start the program in the time that is left.
TEST_F(Wait, EndsInTimeBesideAnAgentThatHangs) {
    start();
    server_.agent().signal(SIGSTOP);
    auto look = std::async(std::launch::async, [&] { return time_in_vain("status"); });
    auto shortest = time_in_vain("wait online --timeout 300ms");
    const auto limit = look.get() / 2;
    for (int tries = 1; tries < 10 && shortest >= limit; ++tries)
        shortest = time_in_vain("wait online --timeout 300ms");
    server_.agent().signal(SIGCONT);
    EXPECT_LT(shortest, limit);
}

TEST_F(Wait, Usage) {
    struct Bad {
        std::string words;
        std::string said;
    };
    for (const auto& [words, said] :
         {Bad{"wait nonsense", "configured, online or registered, not nonsense"},
          Bad{"wait", "GOAL is required"}, Bad{"wait online --timeout soon", "expected a duration"},
          Bad{"wait online --timeout 25h", "use 24h or less"}}) {
        const auto result = server_.command(words);
        EXPECT_EQ(result.exit_code, 64) << words;
        EXPECT_THAT(result.output, HasSubstr(said)) << words;
    }
    EXPECT_THAT(server_.command("wait --help").output,
                AllOf(HasSubstr("the API is not waited for"), HasSubstr("--timeout TIME=1m")));
}

}  // namespace
}  // namespace hcloud::agent

// `hcloud-agent wait`: what each goal waits for, what it does not, and what is said when time is
// over.
#include "tests/agent/server_fixture.h"

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
    /// The agent's socket and, while the agent is frozen, those of all clients that have come,
    /// whether or not they have gone again.
    int sockets() const {
        return std::stoi(
            lab::run("grep -c ' " + server_.runtime_dir() + "/agent.sock$' /proc/net/unix"));
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

// Held against `status`, which gives up after seconds and has begun to wait before: a look that
// took as long would end later, each time.
TEST_F(Wait, EndsInTimeBesideAnAgentThatHangs) {
    start();
    server_.agent().signal(SIGSTOP);
    bool ended_first = false;
    for (int tries = 0; tries < 10 && !ended_first; ++tries) {
        const int before = sockets();
        lab::Process status({lab::program("hcloud-agent"), "--config", server_.config_path(),
                             "--runtime-dir", server_.runtime_dir(), "status"});
        ASSERT_TRUE(wait_until([&] { return sockets() > before; })) << status.output();
        const auto result = server_.command("wait online --timeout 300ms");
        ended_first = status.running();
        EXPECT_EQ(result.exit_code, 75);
        EXPECT_THAT(result.output, HasSubstr("no agent answers at"));
    }
    server_.agent().signal(SIGCONT);
    EXPECT_TRUE(ended_first);
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

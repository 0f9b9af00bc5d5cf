// What others configured stays theirs, and what appears or changes in the cloud is followed.
#include "tests/agent/server_fixture.h"

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::run;
using lab::Server;
using lab::wait_until;
using nlohmann::json;

class Cloud : public ServerTest, public testing::WithParamInterface<bool> {
  protected:
    void start_here() {
        if (!GetParam()) environment_ = {{"HCLOUD_AGENT_KERNEL", "5.17"}};
        server_.start_agent(environment_);
        started_ = true;
    }
    void set_aliases(const json& aliases) {
        server_.change_cloud(
            {{"servers",
              {{"42",
                {{"private_net", json::array({{{"network", 4711},
                                               {"ip", "10.0.0.2"},
                                               {"alias_ips", aliases},
                                               {"mac_address", Server::kBackendMac}}})}}}}}});
    }
    std::map<std::string, std::string> environment_;
};

TEST_P(Cloud, AnAddressThatOthersAlsoConfiguredIsAdoptedAndNeverDeleted) {
    run("ip addr add 10.0.0.4/32 dev eth1");
    start_here();
    set_aliases(json::array());
    EXPECT_TRUE(wait_until([] { return !Server::addresses("eth1").contains("10.0.0.3/32"); }));
    EXPECT_TRUE(Server::addresses("eth1").contains("10.0.0.4/32")) << server_.log();
    EXPECT_TRUE(Server::addresses("eth2").contains("192.0.2.7/32"));
}

TEST_P(Cloud, AnAliasIpThatIsAddedAppearsAndOneThatIsRemovedGoes) {
    start_here();
    set_aliases({"10.0.0.3", "10.0.0.5"});
    EXPECT_TRUE(wait_until([] {
        const auto now = Server::addresses("eth1");
        return now.contains("10.0.0.5/32") && !now.contains("10.0.0.4/32");
    })) << server_.log();
    EXPECT_TRUE(wait_until([] { return !Server::addresses("eth2").contains("10.1.0.2/32"); }))
        << "the network was detached";
    EXPECT_TRUE(Server::addresses("eth1").contains("10.0.0.3/32"));
}

TEST_P(Cloud, WhatWasRemovedWhileTheAgentWasAwayGoesAfterItsStart) {
    start_here();
    server_.stop_agent(SIGKILL);
    set_aliases({"10.0.0.3"});
    server_.start_agent(environment_);
    EXPECT_FALSE(Server::addresses("eth1").contains("10.0.0.4/32")) << server_.log();
}

TEST_P(Cloud, AFloatingIpThatIsUnassignedGoesAndComesBackWithItsAssignment) {
    start_here();
    const auto assigned = [] { return Server::addresses("eth0").contains("203.0.113.77/32"); };
    server_.change_cloud({{"floating_ips", {{"478", {{"server", nullptr}}}}}});
    EXPECT_TRUE(wait_until([&] { return !assigned(); })) << server_.log();
    EXPECT_TRUE(Server::addresses("eth0").contains("2001:db8:77::1/64"));
    server_.change_cloud({{"floating_ips", {{"478", {{"server", 42}}}}}});
    EXPECT_TRUE(wait_until(assigned)) << server_.log();
}

TEST_P(Cloud, AnAddressThatDhcpBringsLateIsAdopted) {
    server_.write_config({{"network", {{"dhcp_grace", "10m"}}}});
    server_.launch_agent(environment_);
    started_ = true;
    EXPECT_TRUE(wait_until([] { return Server::addresses("eth1").contains("10.0.0.3/32"); }));
    EXPECT_FALSE(Server::addresses("eth1").contains("10.0.0.2/32")) << "it did not wait for DHCP";
    EXPECT_EQ(server_.log().find("ready: "), std::string::npos) << "ready before it had converged";
    run("ip addr add 10.0.0.2/32 dev eth1; ip addr add 10.1.0.2/32 dev eth2");
    EXPECT_TRUE(wait_until([&] { return server_.log().find("ready: ") != std::string::npos; }))
        << server_.log();
    EXPECT_TRUE(Server::complete());
    run("ip addr del 10.0.0.2/32 dev eth1");  // DHCP's to bring back
    run("ip addr del 10.0.0.3/32 dev eth1");
    EXPECT_TRUE(wait_until([] { return Server::addresses("eth1").contains("10.0.0.3/32"); }));
    EXPECT_FALSE(Server::addresses("eth1").contains("10.0.0.2/32"));
}

INSTANTIATE_TEST_SUITE_P(Kernel, Cloud, testing::Bool(),
                         [](const auto& i) { return i.param ? "WithMark" : "WithoutMark"; });

}  // namespace
}  // namespace hcloud::agent

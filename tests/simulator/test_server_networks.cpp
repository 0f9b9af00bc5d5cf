// Servers in private networks, beyond what test_api.cpp and test_networks.cpp have.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

class ServerNetworks : public testing::Test {
  protected:
    Outcome attach(const json& body) {
        return project_.complete("/servers/42/actions/attach_to_network", body);
    }
    json nets() { return project_.get("/servers/42").body["server"]["private_net"]; }

    Project project_{R"(
networks:
  1: {ip_range: 10.0.0.0/16, subnets: [10.0.0.0/24, 10.0.1.0/24]}
  2: {ip_range: 10.1.0.0/16, subnets: [10.1.0.0/24]}
  3: {ip_range: 10.2.0.0/16, subnets: [10.2.0.0/24]}
  4: {ip_range: 10.3.0.0/16, subnets: [10.3.0.0/24]}
servers: {42: {}}
)"};
};

TEST_F(ServerNetworks, TheSubnetCanBeChosen) {
    EXPECT_EQ(attach({{"network", 1}, {"ip_range", "10.0.1.0/24"}}).status, 201);
    EXPECT_EQ(nets()[0]["ip"], "10.0.1.1");
}

TEST_F(ServerNetworks, TheSubnetMustBeOneOfTheNetworkAndHoldTheAddress) {
    EXPECT_EQ(attach({{"network", 1}, {"ip_range", "10.0.2.0/24"}}).code(), "no_subnet_available");
    const json outside{{"network", 1}, {"ip", "10.0.0.9"}, {"ip_range", "10.0.1.0/24"}};
    EXPECT_EQ(attach(outside).status, 422);
    EXPECT_EQ(attach(outside).code(), "ip_not_available");
    const json inside{{"network", 1}, {"ip", "10.0.1.9"}, {"ip_range", "10.0.1.0/24"}};
    EXPECT_EQ(attach(inside).status, 201);
    EXPECT_EQ(nets()[0]["ip"], "10.0.1.9");
}

TEST_F(ServerNetworks, TheSubnetIsNotAskedForIn2025) {
    project_.patch_state({{"profile", "2025-06"}});
    EXPECT_EQ(attach({{"network", 1}, {"ip_range", "10.0.1.0/24"}}).status, 201);
    EXPECT_EQ(nets()[0]["ip"], "10.0.0.2");
}

TEST_F(ServerNetworks, AreAtMostThree) {
    for (const Id network : {1, 2, 3})
        ASSERT_EQ(attach({{"network", network}}).status, 201);
    EXPECT_EQ(attach({{"network", 4}}).status, 403);
    EXPECT_EQ(attach({{"network", 4}}).code(), "resource_limit_exceeded");
}

TEST_F(ServerNetworks, HaveAtMostFiveAliasIps) {
    json alias_ips;
    for (int i = 10; i < 16; ++i)
        alias_ips.push_back("10.0.0." + std::to_string(i));
    EXPECT_THAT(attach({{"network", 1}, {"alias_ips", alias_ips}}).fields(),
                ElementsAre("alias_ips"));
    alias_ips.erase(alias_ips.begin());
    EXPECT_EQ(attach({{"network", 1}, {"alias_ips", alias_ips}}).status, 201);
    EXPECT_EQ(nets()[0]["alias_ips"], alias_ips);
}

TEST_F(ServerNetworks, AddressAndAliasIpsCanBothBeChosen) {
    const json wanted{{"network", 1}, {"ip", "10.0.0.7"}, {"alias_ips", {"10.0.0.8", "10.0.1.9"}}};
    EXPECT_EQ(attach(wanted).status, 201);
    EXPECT_EQ(nets()[0]["ip"], "10.0.0.7");
    EXPECT_EQ(nets()[0]["alias_ips"], wanted["alias_ips"]);
    EXPECT_EQ(attach(wanted).code(), "server_already_attached");
    EXPECT_THAT(attach({{"network", 1}, {"ip", "10.0.0.9"}, {"alias_ips", {"10.0.0.9"}}}).fields(),
                ElementsAre("alias_ips"));
}

TEST_F(ServerNetworks, AServerIsLockedWhileItsNetworksChange) {
    const std::string path = "/servers/42/actions/";
    const auto is_locked = [&] {
        const json running = project_.get("/servers/42/actions?status=running").body["actions"];
        const bool locked = project_.get("/servers/42").body["server"]["locked"];
        EXPECT_EQ(running.size(), locked ? 1U : 0U);
        return locked;
    };
    EXPECT_FALSE(is_locked());
    project_.post(path + "attach_to_network", {{"network", 1}});
    EXPECT_TRUE(is_locked());
    for (const char* command : {"attach_to_network", "detach_from_network"})
        EXPECT_EQ(project_.post(path + command, {{"network", 2}}).code(), "locked");
    EXPECT_EQ(
        project_.post(path + "change_alias_ips", {{"network", 1}, {"alias_ips", json::array()}})
            .code(),
        "locked");
    project_.let_actions_end();
    EXPECT_FALSE(is_locked());
    const json alias{{"network", 1}, {"alias_ips", {"10.0.0.9"}}};
    project_.post(path + "change_alias_ips", alias);
    EXPECT_TRUE(is_locked());
    EXPECT_EQ(project_.post(path + "change_alias_ips", alias).code(), "locked");
}

TEST_F(ServerNetworks, ANetworkThatIsGoneMeanwhileFailsTheAction) {
    const Outcome outcome =
        project_.post("/servers/42/actions/attach_to_network", {{"network", 1}});
    project_.patch_state({{"networks", {{"1", nullptr}}}});
    project_.let_actions_end();
    const std::string action = outcome.body["action"]["id"].dump();
    EXPECT_EQ(project_.get("/actions/" + action).body["action"]["status"], "error");
    EXPECT_EQ(nets(), json::array());
}

}  // namespace
}  // namespace hcloud::sim

// Networks: ranges, subnets, routes, protection.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

const char* const kProject = R"(
networks:
  1:
    name: net
    ip_range: 10.0.0.0/16
    subnets: [10.0.0.0/24, {ip_range: 10.0.9.0/24, type: vswitch, vswitch: 1000}]
    routes: [{destination: 10.100.0.0/16, gateway: 10.0.0.7}]
servers:
  42: {private_net: [{network: 1, ip: 10.0.0.2, alias_ips: [10.0.4.2]}]}
)";

json subnet(const std::string& ip_range) {
    return {{"type", "cloud"}, {"network_zone", "eu-central"}, {"ip_range", ip_range}};
}

class Networks : public testing::Test {
  protected:
    Outcome action(const std::string& name, const json& body) {
        return project_.post("/networks/1/actions/" + name, body);
    }
    Outcome completed(const std::string& name, const json& body) {
        Outcome outcome = action(name, body);
        EXPECT_EQ(outcome.status, 201) << outcome.body;
        EXPECT_EQ(outcome.body["action"]["command"], name);
        project_.let_actions_end();
        return outcome;
    }
    json network() { return project_.get("/networks/1").body["network"]; }
    std::vector<std::string> ranges() {
        std::vector<std::string> found;
        const json shown = network();
        for (const json& one : shown["subnets"])
            found.push_back(one["ip_range"]);
        return found;
    }

    Project project_{std::string(kProject)};
};

TEST_F(Networks, AreCreatedWithSubnetsAndRoutes) {
    const Outcome made = project_.post(
        "/networks", {{"name", "new"},
                      {"ip_range", "192.168.0.0/16"},
                      {"labels", {{"a", "b"}}},
                      {"subnets",
                       {subnet("192.168.1.0/24"),
                        {{"type", "vswitch"}, {"network_zone", "eu-central"}, {"vswitch_id", 7}}}},
                      {"routes", {{{"destination", "10.0.0.0/8"}, {"gateway", "192.168.1.9"}}}},
                      {"expose_routes_to_vswitch", true}});
    ASSERT_EQ(made.status, 201) << made.body;
    const json network = made.body["network"];
    EXPECT_EQ(network["subnets"], json::parse(R"([
        {"type": "cloud", "ip_range": "192.168.1.0/24", "network_zone": "eu-central",
         "gateway": "192.168.0.1", "vswitch_id": null},
        {"type": "vswitch", "ip_range": "192.168.0.0/24", "network_zone": "eu-central",
         "gateway": "192.168.0.1", "vswitch_id": 7}])"));
    EXPECT_EQ(network["routes"],
              json::parse(R"([{"destination": "10.0.0.0/8", "gateway": "192.168.1.9"}])"));
    EXPECT_EQ(network["expose_routes_to_vswitch"], true);
    EXPECT_EQ(network["servers"], json::array());
}

class BadNetwork : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadNetwork, IsRefused) {
    Project project{State()};
    json body = {{"name", "n"}, {"ip_range", "10.0.0.0/16"}};
    body.merge_patch(json::parse(GetParam().first));
    const Outcome refused = project.post("/networks", body);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "invalid_input");
    EXPECT_THAT(refused.fields(), ElementsAre(GetParam().second));
    EXPECT_EQ(project.state().networks.size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadNetwork,
    testing::Values(
        std::pair(R"({"name": null})", "name"), std::pair(R"({"ip_range": null})", "ip_range"),
        std::pair(R"({"ip_range": "10.0.0.1/16"})", "ip_range"),
        std::pair(R"({"ip_range": "8.8.0.0/16"})", "ip_range"),
        std::pair(R"({"ip_range": "172.0.0.0/8"})", "ip_range"),
        std::pair(R"({"ip_range": "10.0.0.0/25"})", "ip_range"),
        std::pair(R"({"subnets": "10.0.0.0/24"})", "subnets"),
        std::pair(R"({"subnets": [{"network_zone": "us-east"}]})", "subnets.0.type"),
        std::pair(R"({"subnets": [{"type": "cloud", "network_zone": "mars"}]})",
                  "subnets.0.network_zone"),
        std::pair(R"({"routes": [{"destination": "8.8.8.0/24", "gateway": "10.0.0.9"}]})",
                  "routes.0.destination")));

TEST_F(Networks, HaveUniqueNamesAndALimit) {
    const json body = {{"name", "net"}, {"ip_range", "10.0.0.0/16"}};
    EXPECT_EQ(project_.post("/networks", body).code(), "uniqueness_error");
    State state;
    state.limits["networks"] = 0;
    EXPECT_EQ(Project(state).post("/networks", body).code(), "resource_limit_exceeded");
}

TEST_F(Networks, AreUpdated) {
    const Outcome changed = project_.call(
        "PUT", "/networks/1",
        {{"name", "new"}, {"labels", {{"a", "b"}}}, {"expose_routes_to_vswitch", true}});
    EXPECT_EQ(changed.status, 200);
    const Network network = project_.state().networks.at(1);
    EXPECT_EQ(network.name, "new");
    EXPECT_EQ(network.labels, (Labels{{"a", "b"}}));
    EXPECT_TRUE(network.expose_routes_to_vswitch);
}

TEST_F(Networks, GetSubnetsWhenTheActionEnds) {
    action("add_subnet", subnet("10.0.7.0/24"));
    EXPECT_THAT(ranges(), ElementsAre("10.0.0.0/24", "10.0.9.0/24"));
    project_.let_actions_end();
    EXPECT_THAT(ranges(), ElementsAre("10.0.0.0/24", "10.0.9.0/24", "10.0.7.0/24"));
}

TEST_F(Networks, GetTheFirstFreeSubnetUnlessAskedOtherwise) {
    completed("add_subnet", {{"type", "cloud"}, {"network_zone", "us-east"}});
    EXPECT_EQ(network()["subnets"].back()["ip_range"], "10.0.1.0/24");
    EXPECT_EQ(network()["subnets"].back()["network_zone"], "us-east");
    const json small = {
        {"name", "small"}, {"ip_range", "10.2.0.0/24"}, {"subnets", {subnet("10.2.0.0/30")}}};
    const Outcome made = project_.post("/networks", small);
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string path = "/networks/" + made.body["network"]["id"].dump();
    const Outcome full = project_.post(path + "/actions/add_subnet",
                                       {{"type", "cloud"}, {"network_zone", "us-east"}});
    EXPECT_EQ(full.code(), "invalid_input");
    EXPECT_THAT(full.fields(), ElementsAre("ip_range"));
}

TEST_F(Networks, RefuseSubnetsThatDoNotFit) {
    for (const char* range : {"10.1.0.0/24", "10.0.0.0/15", "10.0.0.0/25", "10.0.0.0/16",
                              "10.0.7.1/24", "10.0.7.0/31", "banana", "10.0.9.128/25"}) {
        const Outcome refused = action("add_subnet", subnet(range));
        EXPECT_EQ(refused.status, 422) << range;
        EXPECT_THAT(refused.fields(), ElementsAre("ip_range")) << range;
    }
    EXPECT_THAT(action("add_subnet", json::object()).fields(), ElementsAre("type", "network_zone"));
    EXPECT_THAT(
        action("add_subnet", {{"type", "vswitch"}, {"network_zone", "eu-central"}}).fields(),
        ElementsAre("vswitch_id"));
}

TEST_F(Networks, RefuseSubnetsThatOverlapWithARoute) {
    completed("change_ip_range", {{"ip_range", "10.0.0.0/8"}});
    EXPECT_THAT(action("add_subnet", subnet("10.100.3.0/24")).fields(), ElementsAre("ip_range"));
    completed("add_route", {{"destination", "0.0.0.0/0"}, {"gateway", "10.0.0.9"}});
    completed("add_subnet", subnet("10.7.0.0/24"));
}

TEST_F(Networks, LoseSubnetsThatNobodyUses) {
    completed("delete_subnet", {{"ip_range", "10.0.9.0/24"}});
    EXPECT_THAT(ranges(), ElementsAre("10.0.0.0/24"));
    const Outcome used = action("delete_subnet", {{"ip_range", "10.0.0.0/24"}});
    EXPECT_EQ(used.status, 422);
    EXPECT_EQ(used.code(), "service_error");
    EXPECT_EQ(used.message(), "network has attached resources");
    EXPECT_EQ(action("delete_subnet", {{"ip_range", "10.0.5.0/24"}}).status, 404);
    EXPECT_THAT(action("delete_subnet", json::object()).fields(), ElementsAre("ip_range"));
}

TEST_F(Networks, KeepSubnetsThatAnAliasIpIsIn) {
    completed("add_subnet", subnet("10.0.4.0/24"));
    EXPECT_EQ(action("delete_subnet", {{"ip_range", "10.0.4.0/24"}}).code(), "service_error");
    project_.complete("/servers/42/actions/change_alias_ips",
                      {{"network", 1}, {"alias_ips", json::array()}});
    completed("delete_subnet", {{"ip_range", "10.0.4.0/24"}});
}

TEST_F(Networks, GetAndLoseRoutes) {
    const json route = {{"destination", "192.168.7.0/24"}, {"gateway", "10.0.0.2"}};
    completed("add_route", route);
    EXPECT_EQ(network()["routes"].back(), route);
    completed("delete_route", route);
    EXPECT_EQ(network()["routes"].size(), 1U);
    EXPECT_EQ(action("delete_route", route).status, 404);
    EXPECT_THAT(action("delete_route", json::object()).fields(),
                ElementsAre("destination", "gateway"));
}

TEST_F(Networks, RefuseRoutesThatDoNotFit) {
    for (const char* destination : {"8.8.8.0/24", "10.0.0.0/23", "10.100.3.0/24", "172.31.1.1/32",
                                    "172.16.0.0/12", "10.3.0.1/24", "10.3.0.1"}) {
        const Outcome refused =
            action("add_route", {{"destination", destination}, {"gateway", "10.0.0.2"}});
        EXPECT_THAT(refused.fields(), ElementsAre("destination")) << destination;
    }
    for (const char* gateway : {"10.0.0.1", "172.31.1.1", "10.0.9.4", "10.1.0.2", "x"}) {
        const Outcome refused =
            action("add_route", {{"destination", "10.200.0.0/16"}, {"gateway", gateway}});
        EXPECT_THAT(refused.fields(), ElementsAre("gateway")) << gateway;
    }
    const json standard = {{"destination", "0.0.0.0/0"}, {"gateway", "10.0.0.2"}};
    completed("add_route", standard);
    EXPECT_THAT(action("add_route", standard).fields(), ElementsAre("destination"));
}

TEST_F(Networks, MayTakeAGatewayElsewhereIfTheSwitchSaysSo) {
    Project project(std::string(kProject) + "switches: {route_gateway_outside: success}\n");
    const json route = {{"destination", "10.200.0.0/16"}, {"gateway", "10.1.0.2"}};
    EXPECT_EQ(project.post("/networks/1/actions/add_route", route).status, 201);
}

TEST_F(Networks, GrowAtTheirEndOnly) {
    for (const char* range : {"10.0.0.0/17", "10.1.0.0/16", "11.0.0.0/8", "0.0.0.0/1"}) {
        EXPECT_THAT(action("change_ip_range", {{"ip_range", range}}).fields(),
                    ElementsAre("ip_range"))
            << range;
    }
    completed("change_ip_range", {{"ip_range", "10.0.0.0/12"}});
    EXPECT_EQ(network()["ip_range"], "10.0.0.0/12");
    EXPECT_EQ(network()["subnets"][0]["gateway"], "10.0.0.1");
}

TEST_F(Networks, TellThatAChangeIsRunningAsAConflict) {
    action("add_subnet", subnet("10.0.7.0/24"));
    const json route = {{"destination", "192.168.7.0/24"}, {"gateway", "10.0.0.2"}};
    for (const Outcome& refused :
         {action("add_route", route), action("change_protection", {{"delete", true}}),
          action("delete_subnet", {{"ip_range", "10.0.9.0/24"}}),
          action("change_ip_range", {{"ip_range", "10.0.0.0/8"}}),
          project_.call("PUT", "/networks/1", {{"name", "new"}}),
          project_.call("DELETE", "/networks/1")}) {
        EXPECT_EQ(refused.status, 409);
        EXPECT_EQ(refused.code(), "conflict");
    }
    project_.let_actions_end();
    EXPECT_EQ(action("add_route", route).status, 201);
}

TEST_F(Networks, DetachTheirServersWhenTheyAreDeleted) {
    completed("change_protection", {{"delete", true}});
    EXPECT_EQ(project_.call("DELETE", "/networks/1").code(), "protected");
    completed("change_protection", {{"delete", false}});
    EXPECT_EQ(project_.call("DELETE", "/networks/1").status, 204);
    EXPECT_EQ(project_.get("/networks/1").status, 404);
    EXPECT_EQ(project_.get("/servers/42").body["server"]["private_net"], json::array());
}

TEST_F(Networks, TakeServersOfTheirSubnetsZonesOnly) {
    Project project(std::string(R"(
networks:
  1:
    ip_range: 10.0.0.0/16
    subnets:
      - {ip_range: 10.0.0.0/24, type: vswitch, vswitch: 7}
      - {ip_range: 10.0.1.0/24, network_zone: us-east}
      - {ip_range: 10.0.2.0/24}
  2: {ip_range: 10.2.0.0/16}
servers: {42: {location: hel1}, 43: {location: ash}, 44: {location: hil}}
)"));
    const auto attach = [&](int server, const json& body) {
        const std::string path = "/servers/" + std::to_string(server);
        const Outcome outcome = project.complete(path + "/actions/attach_to_network", body);
        if (outcome.status != 201) return outcome.code();
        return project.get(path).body["server"]["private_net"][0]["ip"].get<std::string>();
    };
    EXPECT_EQ(attach(42, {{"network", 1}, {"ip", "10.0.1.9"}}), "no_subnet_available");
    EXPECT_EQ(attach(42, {{"network", 1}}), "10.0.2.1");
    EXPECT_EQ(attach(43, {{"network", 1}}), "10.0.1.1");
    EXPECT_EQ(attach(44, {{"network", 1}}), "no_subnet_available");
    EXPECT_EQ(attach(44, {{"network", 2}}), "no_subnet_available") << "it has no subnet";
    EXPECT_EQ(attach(44, {{"network", 2}, {"ip", "10.2.7.7"}}), "10.2.7.7");
}

TEST_F(Networks, NeverGiveTheAddressOfThePublicGateway) {
    Project project(std::string(R"(
networks: {1: {ip_range: 172.16.0.0/12, subnets: [172.31.1.0/30]}}
servers: {42: {}}
)"));
    const Outcome refused = project.post("/servers/42/actions/attach_to_network",
                                         {{"network", 1}, {"ip", "172.31.1.1"}});
    EXPECT_EQ(refused.code(), "ip_not_available");
    project.complete("/servers/42/actions/attach_to_network", {{"network", 1}});
    EXPECT_EQ(project.get("/servers/42").body["server"]["private_net"][0]["ip"], "172.31.1.2");
}

}  // namespace
}  // namespace hcloud::sim

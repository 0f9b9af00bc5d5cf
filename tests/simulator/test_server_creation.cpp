// POST /servers
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

class ServerCreation : public testing::Test {
  protected:
    /// With what `more` changes of the usual order.
    Outcome order(const json& more = json::object()) {
        json body{{"name", "new"}, {"server_type", "cpx11"}, {"image", "debian-12"}};
        body.merge_patch(more);
        return project_.post("/servers", body);
    }
    json server(const Outcome& created) {
        return project_.get("/servers/" + created.body.at("server").at("id").dump())
            .body.at("server");
    }
    static std::vector<std::string> next(const Outcome& created) {
        std::vector<std::string> commands;
        for (const json& action : created.body.at("next_actions"))
            commands.push_back(action.at("command"));
        return commands;
    }

    Project project_{R"(
limits: {servers: 3}
networks:
  4711: {ip_range: 10.0.0.0/16, subnets: [10.0.0.0/24]}
  4712: {ip_range: 10.0.0.0/8, subnets: [10.200.0.0/24]}
volumes: {1: {size: 10, location: fsn1}, 2: {size: 10, location: hel1}}
ssh_keys: {7: {name: mine, public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOYHX+J me"}}
placement_groups: {897: {}}
firewalls: {1: {}, 2: {}, 3: {}, 4: {}, 5: {}, 6: {}}
primary_ips:
  10: {ip: 203.0.113.20, location: fsn1}
  11: {ip: "2001:db8:20::/64", location: fsn1}
  12: {ip: 203.0.113.22, location: hel1}
  13: {ip: 203.0.113.23, location: fsn1, assignee: 42}
images: {4711: {disk_size: 80}}
servers: {42: {name: web1}}
)"};
};

TEST_F(ServerCreation, AServerIsInitializingThenStartingThenRunning) {
    project_.patch_state(json::parse(R"({"action_durations":{"create_server":"10s"}})"));
    const Outcome created = order();
    ASSERT_EQ(created.status, 201);
    EXPECT_EQ(created.body["action"]["command"], "create_server");
    EXPECT_EQ(created.body["action"]["status"], "running");
    EXPECT_THAT(next(created), ElementsAre("start_server"));
    EXPECT_EQ(created.body["server"]["status"], "initializing");
    EXPECT_EQ(created.body["server"]["locked"], true);
    project_.tick(std::chrono::seconds(10));
    EXPECT_EQ(server(created)["status"], "starting") << "starts only when it has been created";
    project_.tick(std::chrono::milliseconds(500));
    EXPECT_EQ(server(created)["status"], "running");
    EXPECT_EQ(server(created)["locked"], false);
}

TEST_F(ServerCreation, OneThatIsNotToStartIsOff) {
    const Outcome created = order({{"start_after_create", false}});
    EXPECT_THAT(next(created), ElementsAre());
    project_.let_actions_end();
    EXPECT_EQ(server(created)["status"], "off");
}

TEST_F(ServerCreation, OneWhoseCreationFailsDoesNotStart) {
    project_.patch_state(json::parse(R"({"failing_actions":{"create_server":{}}})"));
    const Outcome created = order();
    project_.let_actions_end();
    EXPECT_EQ(server(created)["status"], "initializing");
    const std::string start = created.body["next_actions"][0]["id"].dump();
    EXPECT_EQ(project_.get("/actions/" + start).body["action"]["status"], "error");
}

TEST_F(ServerCreation, ShowsWhatWasOrdered) {
    const json made = server(order({{"location", "hel1"},
                                    {"labels", {{"a", "b"}}},
                                    {"server_type", 45},
                                    {"placement_group", 897}}));
    EXPECT_EQ(made["name"], "new");
    EXPECT_EQ(made["location"]["name"], "hel1");
    EXPECT_EQ(made["server_type"]["name"], "cax11");
    EXPECT_EQ(made["image"]["id"], 114690389) << "debian-12 for arm";
    EXPECT_EQ(made["labels"], (json{{"a", "b"}}));
    EXPECT_EQ(made["placement_group"]["servers"], json::array({made["id"]}));
    EXPECT_EQ(made["primary_disk_size"], 40);
    EXPECT_EQ(made["created"], "2026-11-23T12:00:00Z");
}

TEST_F(ServerCreation, GetsNewPrimaryIpsThatGoWithIt) {
    const json net = order().body["server"]["public_net"];
    EXPECT_TRUE(net["ipv4"]["ip"].is_string());
    EXPECT_TRUE(net["ipv6"]["ip"].is_string());
    const State state = project_.state();
    const PrimaryIp& ip = state.primary_ips.at(net["ipv4"]["id"]);
    EXPECT_TRUE(ip.auto_delete);
    EXPECT_EQ(ip.location, "fsn1");
}

TEST_F(ServerCreation, IsRefusedWholeIfThereCanBeNoMorePrimaryIps) {
    project_.patch_state({{"limits", {{"primary_ips", 5}}}});
    EXPECT_EQ(order().code(), "resource_limit_exceeded");
    EXPECT_EQ(project_.state().servers.size(), 1U);
    EXPECT_EQ(project_.state().primary_ips.size(), 4U);
    EXPECT_EQ(order({{"public_net", {{"enable_ipv6", false}}}}).status, 201);
}

TEST_F(ServerCreation, TakesPrimaryIpsThatAreGiven) {
    const json net = order({{"public_net", {{"ipv4", 10}, {"enable_ipv6", false}}}})
                         .body["server"]["public_net"];
    EXPECT_EQ(net["ipv4"]["ip"], "203.0.113.20");
    EXPECT_EQ(net["ipv6"], nullptr);
    EXPECT_FALSE(project_.state().primary_ips.at(10).auto_delete);
}

TEST_F(ServerCreation, RefusesPrimaryIpsThatDoNotFit) {
    const auto code = [&](const char* type, Id id) {
        const Outcome outcome = order({{"location", "fsn1"}, {"public_net", {{type, id}}}});
        EXPECT_EQ(outcome.status, id == 99 ? 404 : 422);
        return outcome.code();
    };
    EXPECT_EQ(code("ipv4", 11), "primary_ip_version_mismatch");
    EXPECT_EQ(code("ipv4", 12), "primary_ip_datacenter_mismatch");
    EXPECT_EQ(code("ipv4", 13), "primary_ip_assigned");
    EXPECT_EQ(code("ipv6", 99), "not_found");
    EXPECT_EQ(project_.state().servers.size(), 1U);
}

TEST_F(ServerCreation, NeedsSomeNetwork) {
    const json no_public{{"public_net", {{"enable_ipv4", false}, {"enable_ipv6", false}}}};
    EXPECT_THAT(order(no_public).fields(), ElementsAre("networks"));
    json with_network = no_public;
    with_network["networks"] = {4711};
    const Outcome created = order(with_network);
    EXPECT_EQ(created.body["server"]["public_net"]["ipv4"], nullptr);
    EXPECT_THAT(next(created), ElementsAre("start_server", "attach_to_network"));
    EXPECT_EQ(created.body["server"]["private_net"], json::array());
    project_.let_actions_end();
    EXPECT_EQ(server(created)["private_net"][0]["ip"], "10.0.0.2");
}

TEST_F(ServerCreation, RefusesNetworksThatOverlap) {
    EXPECT_EQ(order({{"networks", {4711, 4712}}}).code(), "networks_overlap");
    EXPECT_EQ(order({{"networks", {4711, 4711}}}).code(), "server_already_attached");
    EXPECT_EQ(order({{"networks", {1}}}).status, 404);
    EXPECT_EQ(order({{"networks", {4711}}, {"location", "ash"}}).code(), "no_subnet_available");
    EXPECT_EQ(project_.state().servers.size(), 1U);
}

TEST_F(ServerCreation, AttachesVolumesOfItsLocation) {
    const Outcome created = order({{"volumes", {1}}, {"automount", true}});
    EXPECT_THAT(next(created), ElementsAre("start_server", "attach_volume"));
    project_.let_actions_end();
    EXPECT_EQ(server(created)["volumes"], json::array({1}));
    EXPECT_NE(order({{"name", "other"}, {"volumes", {1}}}).status, 201) << "taken";
    EXPECT_NE(order({{"name", "other"}, {"volumes", {2}}, {"location", "fsn1"}}).status, 201);
    EXPECT_EQ(order({{"name", "other"}, {"volumes", {3}}}).status, 404);
}

TEST_F(ServerCreation, AppliesFirewalls) {
    const auto firewalls = [](Id last) {
        json list;
        for (Id id = 1; id <= last; ++id)
            list.push_back({{"firewall", id}});
        return json{{"firewalls", list}};
    };
    EXPECT_EQ(order(firewalls(6)).code(), "resource_limit_exceeded");
    EXPECT_EQ(order(firewalls(7)).status, 404);
    const Outcome created = order(firewalls(2));
    EXPECT_THAT(next(created), ElementsAre("start_server", "apply_firewall", "apply_firewall"));
    project_.let_actions_end();
    EXPECT_EQ(server(created)["public_net"]["firewalls"],
              json::parse(R"([{"id":1,"status":"applied"},{"id":2,"status":"applied"}])"));
}

TEST_F(ServerCreation, AKeyTakesThePlaceOfThePassword) {
    EXPECT_TRUE(order().body["root_password"].is_string());
    for (const json& key : {json("mine"), json(7), json("7")}) {
        const Outcome created = order({{"name", "keyed"}, {"ssh_keys", {key}}});
        ASSERT_EQ(created.status, 201);
        EXPECT_EQ(created.body["root_password"], nullptr);
        const Id id = created.body["server"]["id"];
        EXPECT_EQ(project_.state().servers.at(id).public_keys.size(), 1U);
        project_.let_actions_end();
        project_.call("DELETE", "/servers/" + std::to_string(id));
    }
    EXPECT_EQ(order({{"name", "x"}, {"ssh_keys", {"yours"}}}).code(), "not_found");
    EXPECT_THAT(order({{"name", "x"}, {"ssh_keys", {true}}}).fields(), ElementsAre("ssh_keys"));
}

TEST_F(ServerCreation, TheNameIsAHostNameOfItsOwn) {
    for (const char* name : {"under_score", "-a", "a-", "a..b", "a b", ".", "a/b"})
        EXPECT_THAT(order({{"name", name}}).fields(), ElementsAre("name")) << name;
    EXPECT_THAT(order({{"name", std::string(64, 'a')}}).fields(), ElementsAre("name"));
    EXPECT_EQ(order({{"name", std::string(63, 'a') + ".example.com"}}).status, 201);
    EXPECT_EQ(order({{"name", "web1"}}).status, 409);
    EXPECT_EQ(order({{"name", "web1"}}).code(), "uniqueness_error");
}

TEST_F(ServerCreation, NamesEveryBadFieldAtOnce) {
    project_.patch_state({{"switches", {{"datacenter_in_requests", "accepted"}}}});
    const Outcome outcome = project_.post("/servers", {{"location", "fsn1"},
                                                       {"datacenter", "fsn1-dc14"},
                                                       {"user_data", std::string(32'769, 'x')},
                                                       {"firewalls", {{{"id", 1}}}}});
    EXPECT_EQ(outcome.status, 422);
    EXPECT_THAT(outcome.fields(), ElementsAre("name", "server_type", "image",
                                              "firewalls.0.firewall", "datacenter", "user_data"));
}

TEST_F(ServerCreation, ALocationOrADatacenterIsNamedByIdOrName) {
    EXPECT_EQ(order({{"name", "a"}, {"datacenter", "nbg1-dc3"}}).body["server"]["location"]["name"],
              "fsn1")
        << "ignored in 2026";
    project_.patch_state(
        {{"limits", nullptr}, {"switches", {{"datacenter_in_requests", "accepted"}}}});
    EXPECT_EQ(order({{"datacenter", "nbg1-dc3"}}).body["server"]["location"]["name"], "nbg1");
    EXPECT_EQ(order({{"name", "b"}, {"location", "3"}}).body["server"]["location"]["name"], "hel1");
    EXPECT_EQ(order({{"name", "c"}, {"location", "mars1"}}).status, 404);
    EXPECT_EQ(order({{"name", "c"}, {"datacenter", "mars1-dc1"}}).status, 404);
}

TEST_F(ServerCreation, ATypeMustBeSoldThereAndInStock) {
    project_.patch_state({{"out_of_stock", {{"cpx11", {"fsn1"}}}}});
    const Outcome sold_out = order({{"location", "fsn1"}});
    EXPECT_EQ(sold_out.status, 412);
    EXPECT_EQ(sold_out.code(), "resource_unavailable");
    EXPECT_EQ(sold_out.message(), "error during placement");
    EXPECT_EQ(order().body["server"]["location"]["name"], "nbg1") << "the next place that has it";
    const Outcome elsewhere = order({{"name", "b"}, {"location", "ash"}, {"server_type", "cx22"}});
    EXPECT_EQ(elsewhere.code(), "invalid_input");
    EXPECT_EQ(elsewhere.message(), "unsupported location for server type");
    EXPECT_EQ(order({{"name", "b"}, {"server_type", "cx11"}}).code(), "resource_unavailable");
    EXPECT_EQ(order({{"name", "b"}, {"server_type", "cx99"}}).status, 404);
}

TEST_F(ServerCreation, AnImageMustFit) {
    EXPECT_THAT(order({{"image", 4711}}).fields(), ElementsAre("image")) << "disk too small";
    EXPECT_EQ(order({{"image", 4711}, {"server_type", "cpx21"}}).status, 201);
    EXPECT_THAT(order({{"name", "b"}, {"image", 114690389}}).fields(), ElementsAre("image"));
    EXPECT_EQ(order({{"name", "b"}, {"image", "beos"}}).status, 404);
}

TEST_F(ServerCreation, AProjectHasALimit) {
    EXPECT_EQ(order({{"name", "a"}}).status, 201);
    EXPECT_EQ(order({{"name", "b"}}).status, 201);
    EXPECT_EQ(order({{"name", "c"}}).status, 403);
    EXPECT_EQ(order({{"name", "c"}}).code(), "resource_limit_exceeded");
}

TEST_F(ServerCreation, AFullPlacementGroupTakesNoMore) {
    json servers;
    for (int id = 1; id <= 10; ++id)
        servers[std::to_string(id)] = {{"placement_group", 897}};
    project_.patch_state({{"servers", servers}, {"limits", nullptr}});
    EXPECT_EQ(order({{"placement_group", 897}}).code(), "placement_group_member_limit_reached");
    EXPECT_EQ(order({{"placement_group", 1}}).code(), "not_found");
}

TEST_F(ServerCreation, TakesSixteenVolumes) {
    json volumes = json::array();
    for (int i = 0; i < 17; ++i) {
        const Outcome made = project_.post(
            "/volumes", {{"name", "v" + std::to_string(i)}, {"size", 10}, {"location", "fsn1"}});
        volumes.push_back(made.body["volume"]["id"]);
    }
    project_.let_actions_end();
    EXPECT_EQ(order({{"volumes", volumes}, {"location", "fsn1"}}).code(), "limit_exceeded_error");
    volumes.erase(16);
    EXPECT_EQ(order({{"volumes", volumes}, {"location", "fsn1"}}).status, 201);
}

}  // namespace
}  // namespace hcloud::sim

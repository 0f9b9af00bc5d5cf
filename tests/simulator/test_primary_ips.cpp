// Primary IPs: create, assign, unassign, delete, protect, in both profiles.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

const char* const kPrimaryIpProject = R"(
servers:
  42: {name: off, status: "off", location: fsn1, public_ipv6: "2001:db8:42::/64"}
  43: {name: running, location: fsn1, public_ipv4: 203.0.113.43}
  44: {name: far, status: "off", location: hel1}
primary_ips:
  7: {name: free, ip: 203.0.113.7}
  8: {name: on42, ip: 203.0.113.8, assignee: 42}
  9: {name: on43, ip: "2001:db8:43::/64", assignee: 43, auto_delete: true}
  10: {name: free6, ip: "2001:db8:10::/64"}
)";

class PrimaryIps : public testing::Test {
  protected:
    explicit PrimaryIps(const std::string& options = "") : project_(kPrimaryIpProject + options) {}

    Outcome action(int id, const std::string& name, const json& body = nullptr) {
        return project_.post(path(id) + "/actions/" + name, body);
    }
    Outcome assign(int id, int server) {
        return action(id, "assign", {{"assignee_type", "server"}, {"assignee_id", server}});
    }
    json ip(int id) { return project_.get(path(id)).body["primary_ip"]; }
    json public_net(int server) {
        return project_.get("/servers/" + std::to_string(server)).body["server"]["public_net"];
    }
    static std::string path(int id) { return "/primary_ips/" + std::to_string(id); }

    Project project_;
};

class PrimaryIpsOf2025 : public PrimaryIps {
  protected:
    PrimaryIpsOf2025() : PrimaryIps("profile: 2025-06\n") {}
};

TEST_F(PrimaryIps, AreCreatedInALocation) {
    const Outcome made =
        project_.post("/primary_ips", {{"name", "new"}, {"type", "ipv4"}, {"location", "hel1"}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_FALSE(made.body.contains("action"));
    const json ip = made.body["primary_ip"];
    EXPECT_EQ(ip["ip"], "198.51.100.1");
    EXPECT_EQ(ip["location"]["name"], "hel1");
    EXPECT_FALSE(ip.contains("datacenter"));
    EXPECT_EQ(ip["assignee_type"], "unassigned");
    EXPECT_EQ(ip["assignee_id"], nullptr);
    EXPECT_EQ(ip["auto_delete"], false);
    EXPECT_EQ(ip["dns_ptr"][0]["dns_ptr"], "static.1.100.51.198.clients.your-server.de");
}

TEST_F(PrimaryIpsOf2025, AreCreatedInADatacenter) {
    const json body = {
        {"name", "new"}, {"type", "ipv6"}, {"datacenter", "hel1-dc2"}, {"assignee_type", "server"}};
    const Outcome made = project_.post("/primary_ips", body);
    ASSERT_EQ(made.status, 201) << made.body;
    const json ip = made.body["primary_ip"];
    EXPECT_EQ(ip["datacenter"]["name"], "hel1-dc2");
    EXPECT_EQ(ip["datacenter"]["location"]["name"], "hel1");
    EXPECT_FALSE(ip.contains("location"));
    EXPECT_EQ(ip["assignee_type"], "server");
    EXPECT_EQ(ip["created"], "2026-11-23T12:00:00+00:00");
    json without = body;
    without.erase("assignee_type");
    EXPECT_THAT(project_.post("/primary_ips", without).fields(), ElementsAre("assignee_type"));
}

TEST_F(PrimaryIps, AreNotCreatedFromBadFields) {
    const auto fields = [&](const json& change) {
        json body = {{"name", "new"}, {"type", "ipv4"}, {"location", "hel1"}};
        body.merge_patch(change);
        const Outcome refused = project_.post("/primary_ips", body);
        EXPECT_EQ(refused.status, 422);
        EXPECT_EQ(refused.code(), "invalid_input");
        return refused.fields();
    };
    EXPECT_THAT(fields({{"name", nullptr}, {"type", nullptr}}), ElementsAre("name", "type"));
    EXPECT_THAT(fields({{"location", nullptr}}), ElementsAre("location"));
    EXPECT_THAT(fields({{"location", "hel1-dc2"}}), ElementsAre("location"));
    EXPECT_THAT(fields({{"location", nullptr}, {"datacenter", "hel1-dc2"}}),
                ElementsAre("location"))
        << "no longer accepted";
    EXPECT_THAT(fields({{"assignee_id", 44}}), ElementsAre("assignee_type", "location"));
    EXPECT_THAT(fields({{"assignee_type", "volume"}}), ElementsAre("assignee_type"));
    EXPECT_EQ(project_.state().primary_ips.size(), 6U);
}

TEST_F(PrimaryIps, MayStillBeCreatedInADatacenterIfTheSwitchSaysSo) {
    Project project(std::string(kPrimaryIpProject) +
                    "switches: {datacenter_in_requests: accepted}\n");
    const Outcome made = project.post(
        "/primary_ips", {{"name", "new"}, {"type", "ipv4"}, {"datacenter", "hel1-dc2"}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body["primary_ip"]["location"]["name"], "hel1");
}

TEST_F(PrimaryIps, ForAServerAreAssignedAtOnce) {
    const json body = {{"name", "new"},
                       {"type", "ipv6"},
                       {"assignee_type", "server"},
                       {"assignee_id", 44},
                       {"auto_delete", true}};
    const Outcome made = project_.post("/primary_ips", body);
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body["action"]["command"], "create_primary_ip");
    EXPECT_EQ(made.body["primary_ip"]["location"]["name"], "hel1");
    EXPECT_EQ(made.body["primary_ip"]["auto_delete"], true);
    EXPECT_EQ(made.body["primary_ip"]["assignee_id"], 44);
    EXPECT_EQ(public_net(44)["ipv6"]["ip"], made.body["primary_ip"]["ip"]);
    EXPECT_EQ(project_.post("/primary_ips", body).code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(project_.post("/primary_ips", body).code(), "server_has_ipv6");
}

TEST_F(PrimaryIps, ForAServerAreUnassignedIfTheActionFails) {
    project_.patch_state(
        {{"failing_actions", {{"create_primary_ip", {{"code", "unknown_error"}}}}}});
    project_.complete(
        "/primary_ips",
        {{"name", "new"}, {"type", "ipv6"}, {"assignee_type", "server"}, {"assignee_id", 44}});
    EXPECT_EQ(public_net(44)["ipv6"], nullptr);
}

TEST_F(PrimaryIps, AreCreatedForAServerThatIsOffOnly) {
    json body = {
        {"name", "new"}, {"type", "ipv6"}, {"assignee_type", "server"}, {"assignee_id", 43}};
    EXPECT_EQ(project_.post("/primary_ips", body).code(), "server_not_stopped");
    body["assignee_id"] = 99;
    EXPECT_EQ(project_.post("/primary_ips", body).status, 404);
}

TEST_F(PrimaryIps, MoveToAServerThatIsOff) {
    EXPECT_EQ(action(8, "unassign").body["action"]["command"], "unassign_primary_ip");
    EXPECT_EQ(public_net(42)["ipv4"]["ip"], "203.0.113.8");
    project_.let_actions_end();
    EXPECT_EQ(public_net(42)["ipv4"], nullptr);
    EXPECT_EQ(ip(8)["assignee_type"], "unassigned");
    const Outcome assigned = assign(7, 42);
    EXPECT_EQ(assigned.status, 201);
    EXPECT_EQ(assigned.body["action"]["command"], "assign_primary_ip");
    EXPECT_EQ(assigned.body["action"]["resources"],
              json::parse(R"([{"id": 42, "type": "server"}, {"id": 7, "type": "primary_ip"}])"));
    project_.let_actions_end();
    EXPECT_EQ(public_net(42)["ipv4"]["id"], 7);
    EXPECT_EQ(ip(7)["assignee_id"], 42);
    EXPECT_EQ(ip(7)["assignee_type"], "server");
}

TEST_F(PrimaryIps, AreNotAssignedWhereTheyCannotGo) {
    const auto code = [&](int id, int server) {
        const Outcome refused = assign(id, server);
        EXPECT_EQ(refused.status, 422);
        return refused.code();
    };
    EXPECT_EQ(code(7, 42), "server_has_ipv4");
    EXPECT_EQ(code(10, 42), "server_has_ipv6");
    EXPECT_EQ(code(7, 43), "server_not_stopped");
    EXPECT_EQ(code(8, 44), "primary_ip_already_assigned");
    EXPECT_EQ(code(7, 44), "primary_ip_datacenter_mismatch");
    EXPECT_EQ(assign(7, 99).status, 404);
    EXPECT_THAT(action(7, "assign", json::object()).fields(), ElementsAre("assignee_id"));
}

TEST_F(PrimaryIps, MayBeAskedForTheTypeOfTheAssignee) {
    Project project(std::string(kPrimaryIpProject) +
                    "switches: {assignee_type_missing: invalid_input}\n");
    const Outcome refused = project.post("/primary_ips/10/actions/assign", {{"assignee_id", 44}});
    EXPECT_THAT(refused.fields(), ElementsAre("assignee_type"));
}

TEST_F(PrimaryIps, AreNotUnassignedFromARunningServer) {
    EXPECT_EQ(action(9, "unassign").code(), "server_not_stopped");
    EXPECT_EQ(action(7, "unassign").code(), "service_error");
    Project project(std::string(kPrimaryIpProject) +
                    "switches: {unassign_unassigned_primary_ip: success}\n");
    EXPECT_EQ(project.post("/primary_ips/7/actions/unassign").status, 201);
}

TEST_F(PrimaryIps, StayWithAServerThatALoadBalancerSendsTrafficTo) {
    const auto unassign = [](const std::string& target) {
        Project project(kPrimaryIpProject + ("load_balancers: {1: {targets: [" + target + "]}}\n"));
        return project.post("/primary_ips/8/actions/unassign").code();
    };
    EXPECT_EQ(unassign("{server: 42}"), "server_is_load_balancer_target");
    EXPECT_EQ(unassign("{server: 42, use_private_ip: true}"), "");
    EXPECT_EQ(unassign("{server: 43}"), "");
}

TEST_F(PrimaryIps, AreLockedWithTheirServerWhileTheyMove) {
    action(8, "unassign");
    EXPECT_EQ(action(8, "change_protection", {{"delete", true}}).code(), "locked");
    EXPECT_EQ(assign(10, 42).code(), "locked");
    const Outcome update = project_.call("PUT", path(8), {{"name", "x"}});
    EXPECT_EQ(update.status, 409);
    EXPECT_EQ(update.code(), "conflict");
}

TEST_F(PrimaryIps, ThatAreAssignedMustBeUnassignedBeforeTheyAreDeleted) {
    const Outcome refused = project_.call("DELETE", path(8));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "must_be_unassigned");
    action(8, "unassign");
    project_.let_actions_end();
    EXPECT_EQ(project_.call("DELETE", path(8)).status, 204);
}

TEST_F(PrimaryIpsOf2025, ThatAreAssignedAreDeletedIfTheServerIsOff) {
    EXPECT_EQ(project_.call("DELETE", path(9)).code(), "server_not_stopped");
    EXPECT_EQ(project_.call("DELETE", path(8)).status, 204);
    EXPECT_EQ(public_net(42)["ipv4"], nullptr);
}

TEST_F(PrimaryIps, AreProtectedUnlessTheyAreDeletedWithTheirServer) {
    EXPECT_EQ(action(9, "change_protection", {{"delete", true}}).code(), "invalid_input");
    action(7, "change_protection", {{"delete", true}});
    project_.let_actions_end();
    EXPECT_EQ(project_.call("DELETE", path(7)).code(), "protected");
    EXPECT_THAT(action(7, "change_protection", json::object()).fields(), ElementsAre("delete"));
}

TEST_F(PrimaryIps, AreUpdated) {
    const Outcome changed = project_.call(
        "PUT", path(7), {{"name", "new"}, {"auto_delete", true}, {"labels", {{"a", "b"}}}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(ip(7)["name"], "new");
    EXPECT_EQ(ip(7)["auto_delete"], true);
    EXPECT_EQ(ip(7)["labels"], json({{"a", "b"}}));
    EXPECT_EQ(project_.call("PUT", path(7), {{"name", "on42"}}).code(), "uniqueness_error");
}

TEST_F(PrimaryIps, GiveTheirNameToTheServer) {
    action(8, "change_dns_ptr", {{"ip", "203.0.113.8"}, {"dns_ptr", "www.example.com"}});
    project_.let_actions_end();
    EXPECT_EQ(public_net(42)["ipv4"]["dns_ptr"], "www.example.com");
}

TEST_F(PrimaryIps, AreFoundByAddressNameAndLabel) {
    const auto ids = [&](const std::string& query) {
        std::vector<int> found;
        const json answer = project_.get("/primary_ips?" + query).body;
        for (const json& one : answer["primary_ips"])
            found.push_back(one["id"]);
        return found;
    };
    EXPECT_THAT(ids("ip=203.0.113.8"), ElementsAre(8));
    EXPECT_THAT(ids("name=free6"), ElementsAre(10));
    project_.call("PUT", path(7), {{"labels", {{"a", "b"}}}});
    EXPECT_THAT(ids("label_selector=a"), ElementsAre(7));
}

}  // namespace
}  // namespace hcloud::sim

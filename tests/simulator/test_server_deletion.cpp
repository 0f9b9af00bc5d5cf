// DELETE /servers/{id}
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;

class ServerDeletion : public testing::Test {
  protected:
    Outcome remove() { return project_.call("DELETE", "/servers/42"); }

    Project project_{R"(
placement_groups: {897: {}}
volumes: {1: {size: 10, server: 42}}
primary_ips:
  10: {ip: 203.0.113.20, assignee: 42}
  11: {ip: "2001:db8:20::/64", assignee: 42, auto_delete: true}
load_balancers: {5: {targets: [{server: 42}, {server: 43}]}}
firewalls: {38: {servers: [42, 43]}}
floating_ips: {478: {ip: 203.0.113.77, server: 42}, 479: {ip: 203.0.113.78, server: 43}}
images:
  1: {type: snapshot, created_from: {id: 42, name: web1}}
  2: {type: backup, bound_to: 42}
  3: {type: backup, bound_to: 43}
servers:
  42: {placement_group: 897}
  43: {}
metadata: {default_server: 42}
)"};
};

TEST_F(ServerDeletion, AnswersWithAnActionAndTheServerIsGone) {
    const Outcome outcome = remove();
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body["action"]["command"], "delete_server");
    EXPECT_EQ(outcome.body["action"]["status"], "running");
    EXPECT_EQ(project_.get("/servers/42").status, 404);
    EXPECT_EQ(remove().status, 404);
    project_.let_actions_end();
    const std::string action = outcome.body["action"]["id"].dump();
    EXPECT_EQ(project_.get("/actions/" + action).body["action"]["status"], "success");
}

TEST_F(ServerDeletion, OrTheServerIsDeletingUntilTheActionEnds) {
    project_.patch_state({{"switches", {{"server_is_deleted", "when_action_ends"}}}});
    remove();
    EXPECT_EQ(project_.get("/servers/42").body["server"]["status"], "deleting");
    EXPECT_EQ(remove().code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(project_.get("/servers/42").status, 404);
}

TEST_F(ServerDeletion, ReleasesWhatTheServerHad) {
    remove();
    const State state = project_.state();
    EXPECT_EQ(state.primary_ips.at(10).assignee, std::nullopt);
    EXPECT_EQ(state.primary_ips.count(11), 0U) << "auto_delete";
    EXPECT_EQ(state.floating_ips.at(478).server, std::nullopt);
    EXPECT_EQ(state.floating_ips.at(479).server, 43);
    EXPECT_EQ(state.volumes.at(1).server, std::nullopt);
    EXPECT_EQ(state.firewalls.at(38).servers, std::vector<Id>{43});
    ASSERT_EQ(state.load_balancers.at(5).targets.size(), 1U);
    EXPECT_EQ(state.load_balancers.at(5).targets[0].server, 43);
    EXPECT_EQ(state.images.count(1), 1U) << "a snapshot";
    EXPECT_EQ(state.images.count(2), 0U) << "its backup";
    EXPECT_EQ(state.images.count(3), 1U) << "another's backup";
    EXPECT_EQ(state.metadata.default_server, std::nullopt);
    EXPECT_EQ(project_.call("DELETE", "/placement_groups/897").status, 204) << "unused now";
}

TEST_F(ServerDeletion, IsRefusedWhileAnActionRuns) {
    project_.post("/servers/42/actions/reboot");
    EXPECT_EQ(remove().status, 423);
    EXPECT_EQ(remove().code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(remove().status, 200);
}

}  // namespace
}  // namespace hcloud::sim

// Placement groups.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

class PlacementGroups : public testing::Test {
  protected:
    Project project_{R"(
limits: {placement_groups: 3}
placement_groups: {897: {name: apart}, 898: {name: unused}}
servers: {42: {placement_group: 897, status: "off"}, 43: {status: "off"}}
)"};
};

TEST_F(PlacementGroups, ShowTheirServersAndServersShowTheirs) {
    const json group = project_.get("/placement_groups/897").body["placement_group"];
    EXPECT_EQ(group["servers"], json::array({42}));
    EXPECT_EQ(group["type"], "spread");
    EXPECT_EQ(project_.get("/servers/42").body["server"]["placement_group"], group);
    EXPECT_EQ(project_.get("/servers/43").body["server"]["placement_group"], nullptr);
}

TEST_F(PlacementGroups, AreCreatedAtOnce) {
    const Outcome outcome = project_.post(
        "/placement_groups", {{"name", "new"}, {"type", "spread"}, {"labels", {{"a", "b"}}}});
    EXPECT_EQ(outcome.status, 201);
    EXPECT_EQ(outcome.body["placement_group"]["labels"], (json{{"a", "b"}}));
    EXPECT_EQ(project_.get("/placement_groups?name=new").body["placement_groups"].size(), 1U);
    EXPECT_EQ(project_.get("/placement_groups?type=spread").body["placement_groups"].size(), 3U);
    EXPECT_EQ(project_.post("/placement_groups", {{"name", "x"}, {"type", "spread"}}).code(),
              "resource_limit_exceeded");
}

TEST_F(PlacementGroups, NeedANewNameAndTheOnlyType) {
    const Outcome taken =
        project_.post("/placement_groups", {{"name", "apart"}, {"type", "spread"}});
    EXPECT_EQ(taken.status, 409);
    EXPECT_EQ(taken.code(), "uniqueness_error");
    EXPECT_THAT(project_.post("/placement_groups", {{"type", "dense"}}).fields(),
                ElementsAre("name", "type"));
}

TEST_F(PlacementGroups, AreRenamed) {
    const Outcome outcome = project_.call("PUT", "/placement_groups/897", {{"name", "far"}});
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body["placement_group"]["name"], "far");
    EXPECT_EQ(project_.call("PUT", "/placement_groups/897", {{"name", "unused"}}).status, 409);
}

TEST_F(PlacementGroups, AreNotDeletedWhileInUse) {
    const Outcome refused = project_.call("DELETE", "/placement_groups/897");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "resource_in_use");
    EXPECT_EQ(project_.call("DELETE", "/placement_groups/898").status, 204);
    EXPECT_EQ(project_.get("/placement_groups/898").status, 404);
}

}  // namespace
}  // namespace hcloud::sim

// Images: Hetzner's and the project's own.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

constexpr Id kDebian12 = 114690387;
constexpr Id kSnapshot = 4711;
constexpr Id kBackup = 4712;

class Images : public testing::Test {
  protected:
    std::vector<Id> list(const std::string& query) {
        std::vector<Id> ids;
        const Outcome outcome = project_.get("/images?" + query);
        for (const json& image : outcome.body.at("images"))
            ids.push_back(image.at("id"));
        return ids;
    }
    json image(Id id) { return project_.get("/images/" + std::to_string(id)).body.at("image"); }

    Project project_{R"(
images:
  4711: {description: before, image_size_mb: 2300, created_from: {id: 42, name: web1}, labels: {a: b}}
  4712: {type: backup, bound_to: 42}
servers:
  42: {image: 4711}
)"};
};

TEST_F(Images, AreFilteredByTypeNameArchitectureAndServer) {
    EXPECT_THAT(list("type=snapshot"), ElementsAre(kSnapshot));
    EXPECT_THAT(list("type=snapshot&type=backup"), ElementsAre(kSnapshot, kBackup));
    EXPECT_THAT(list("name=debian-12"), ElementsAre(kDebian12, 114690389));
    EXPECT_THAT(list("name=debian-12&architecture=arm"), ElementsAre(114690389));
    EXPECT_THAT(list("bound_to=42"), ElementsAre(kBackup));
    EXPECT_THAT(list("bound_to=43"), ElementsAre());
    EXPECT_THAT(list("label_selector=a"), ElementsAre(kSnapshot));
    EXPECT_THAT(list("status=creating"), ElementsAre());
}

TEST_F(Images, ADeprecatedOneIsListedOnlyOnDemand) {
    EXPECT_THAT(list("name=ubuntu-20.04"), ElementsAre());
    EXPECT_THAT(list("name=ubuntu-20.04&include_deprecated=true"), ElementsAre(15512617));
    EXPECT_EQ(image(15512617)["deprecated"], "2025-05-31T00:00:00Z");
}

TEST_F(Images, AServerShowsItsOwn) {
    EXPECT_EQ(project_.get("/servers/42").body["server"]["image"], image(kSnapshot));
    EXPECT_EQ(image(kSnapshot)["image_size"], 2.3);
    EXPECT_EQ(image(kSnapshot)["created_from"], (json{{"id", 42}, {"name", "web1"}}));
    EXPECT_EQ(image(kSnapshot)["name"], nullptr);
}

TEST_F(Images, ABackupBecomesASnapshot) {
    const Outcome outcome =
        project_.call("PUT", "/images/4712", {{"type", "snapshot"}, {"description", "kept"}});
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(outcome.body["image"]["type"], "snapshot");
    EXPECT_EQ(outcome.body["image"]["bound_to"], nullptr);
    EXPECT_EQ(outcome.body["image"]["description"], "kept");
}

TEST_F(Images, LabelsAreReplaced) {
    project_.call("PUT", "/images/4711", {{"labels", {{"c", "d"}}}});
    EXPECT_EQ(image(kSnapshot)["labels"], (json{{"c", "d"}}));
    EXPECT_EQ(image(kSnapshot)["description"], "before");
}

TEST_F(Images, ASnapshotDoesNotBecomeABackup) {
    const Outcome outcome = project_.call("PUT", "/images/4711", {{"type", "backup"}});
    EXPECT_EQ(outcome.status, 422);
    EXPECT_EQ(outcome.code(), "invalid_input");
    EXPECT_THAT(outcome.fields(), ElementsAre("type"));
}

TEST_F(Images, OnesOfHetznerCannotBeChanged) {
    const std::string path = "/images/" + std::to_string(kDebian12);
    for (const Outcome& outcome :
         {project_.call("PUT", path, {{"description", "mine"}}), project_.call("DELETE", path),
          project_.post(path + "/actions/change_protection", {{"delete", true}})}) {
        EXPECT_EQ(outcome.status, 422);
        EXPECT_EQ(outcome.code(), "unsupported_error");
    }
}

TEST_F(Images, AServerOutlivesItsImage) {
    EXPECT_EQ(project_.call("DELETE", "/images/4711").status, 204);
    EXPECT_EQ(project_.get("/images/4711").status, 404);
    EXPECT_EQ(project_.get("/servers/42").body["server"]["image"], nullptr);
    EXPECT_EQ(project_.call("DELETE", "/images/4711").status, 404);
}

TEST_F(Images, AProtectedOneIsNotDeleted) {
    const Outcome outcome =
        project_.post("/images/4711/actions/change_protection", {{"delete", true}});
    EXPECT_EQ(outcome.status, 201);
    EXPECT_EQ(outcome.body["action"]["command"], "change_protection");
    EXPECT_EQ(project_.call("DELETE", "/images/4711").code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(image(kSnapshot)["protection"]["delete"], true);
    EXPECT_EQ(project_.call("DELETE", "/images/4711").status, 423);
    EXPECT_EQ(project_.call("DELETE", "/images/4711").code(), "protected");
    project_.complete("/images/4711/actions/change_protection", {{"delete", false}});
    EXPECT_EQ(project_.call("DELETE", "/images/4711").status, 204);
}

TEST_F(Images, ABackupCannotBeProtected) {
    EXPECT_EQ(project_.post("/images/4712/actions/change_protection", {{"delete", true}}).code(),
              "unsupported_error");
}

}  // namespace
}  // namespace hcloud::sim

// Snapshots and backups of servers.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

class ServerImages : public testing::Test {
  protected:
    Outcome act(const std::string& name, const json& body = nullptr) {
        return project_.post("/servers/42/actions/" + name, body);
    }
    json image(Id id) { return project_.get("/images/" + std::to_string(id)).body.at("image"); }
    std::size_t count(const std::string& query) {
        return project_.get("/images?" + query).body.at("images").size();
    }

    Project project_{
        "limits: {images: 2}\nservers: {42: {name: web1, server_type: cax11, image: 114690389}}"};
};

TEST_F(ServerImages, ASnapshotIsCreatingUntilItIsAvailable) {
    const Outcome outcome =
        act("create_image", {{"description", "before"}, {"labels", {{"a", "b"}}}});
    ASSERT_EQ(outcome.status, 201);
    const json made = outcome.body["image"];
    EXPECT_EQ(made["status"], "creating");
    EXPECT_EQ(made["image_size"], nullptr);
    EXPECT_EQ(made["type"], "snapshot");
    EXPECT_EQ(made["description"], "before");
    EXPECT_EQ(made["architecture"], "arm");
    EXPECT_EQ(made["os_flavor"], "debian");
    EXPECT_EQ(made["created_from"], (json{{"id", 42}, {"name", "web1"}}));
    EXPECT_EQ(act("poweroff").code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(image(made["id"])["status"], "available");
    EXPECT_EQ(image(made["id"])["image_size"], 2.3);
    EXPECT_EQ(count("type=snapshot&status=available"), 1U);
}

TEST_F(ServerImages, OneThatFailsIsUnavailable) {
    project_.patch_state(json::parse(R"({"failing_actions":{"create_image":{}}})"));
    const Id id = act("create_image").body["image"]["id"];
    project_.let_actions_end();
    EXPECT_EQ(image(id)["status"], "unavailable");
}

TEST_F(ServerImages, BackupsNeedToBeEnabledAndGoWithBeingDisabled) {
    EXPECT_THAT(act("create_image", {{"type", "backup"}}).fields(), ElementsAre("type"));
    ASSERT_EQ(act("enable_backup").status, 201);
    project_.let_actions_end();
    const json window = project_.get("/servers/42").body["server"]["backup_window"];
    EXPECT_THAT(window.get<std::string>(), testing::MatchesRegex("[0-9][0-9]-[0-9][0-9]"));
    const Outcome outcome = act("create_image", {{"type", "backup"}});
    ASSERT_EQ(outcome.status, 201);
    EXPECT_EQ(outcome.body["image"]["bound_to"], 42);
    project_.let_actions_end();
    EXPECT_EQ(count("bound_to=42"), 1U);
    ASSERT_EQ(act("disable_backup").status, 201);
    project_.let_actions_end();
    EXPECT_EQ(count("bound_to=42"), 0U);
    EXPECT_EQ(project_.get("/servers/42").body["server"]["backup_window"], nullptr);
}

TEST_F(ServerImages, AreLimited) {
    for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(act("create_image").status, 201);
        project_.let_actions_end();
    }
    EXPECT_EQ(act("create_image").status, 403);
    EXPECT_EQ(act("create_image").code(), "resource_limit_exceeded");
}

}  // namespace
}  // namespace hcloud::sim

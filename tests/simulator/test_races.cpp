// What an action is about goes, or the last place is taken, before it ends; and a project that was
// saved goes on.
#include "tests/simulator/state/state_json.h"
#include "tests/simulator/test_load_balancers.h"

#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::LoadBalancers;
using test::Outcome;
using test::Project;
using test::server_target;

class Races : public LoadBalancers {
  protected:
    /// The action has failed, and what is left can be listed, saved and changed.
    void expect_failed(const Outcome& started) {
        ASSERT_EQ(started.status, 201) << started.body;
        project_.let_actions_end();
        const auto id = started.body["action"]["id"].dump();
        const auto action = project_.get("/actions/" + id).body["action"];
        EXPECT_EQ(action["status"], "error");
        EXPECT_EQ(action["error"]["code"], "action_failed");
        EXPECT_EQ(project_.get("/servers").status, 200);
        EXPECT_EQ(project_.get("/load_balancers").status, 200);
        EXPECT_NO_THROW(project_.patch_state(json::object()));
    }
    void remove(const std::string& path) { ASSERT_LT(project_.call("DELETE", path).status, 300); }
};

TEST_F(Races, APlacementGroupGoesBeforeItsServerComes) {
    project_.complete("/servers/42/actions/poweroff");
    const auto group = project_.post("/placement_groups", {{"name", "g"}, {"type", "spread"}})
                           .body["placement_group"]["id"]
                           .get<Id>();
    const auto adding =
        project_.post("/servers/42/actions/add_to_placement_group", {{"placement_group", group}});
    remove("/placement_groups/" + std::to_string(group));
    expect_failed(adding);
}

TEST_F(Races, AServerGoesBeforeItIsATarget) {
    const auto adding =
        project_.post("/load_balancers/2/actions/add_target", server_target(43, true));
    remove("/servers/43");
    expect_failed(adding);
}

TEST_F(Races, NewResourcesLeaveThoseOfASavedProjectAlone) {
    const json group{{"name", "first"}, {"type", "spread"}};
    project_.post("/placement_groups", group);
    Project again(project_.state());
    again.post("/placement_groups", {{"name", "second"}, {"type", "spread"}});
    EXPECT_EQ(again.get("/placement_groups").body["placement_groups"].size(), 2U);
}

TEST_F(Races, AServerWhoseImageIsGoneStaysWithoutOne) {
    State state = project_.state();
    state.servers.at(42).image = std::nullopt;
    EXPECT_EQ(parse_state(to_json(state)), state);
}

}  // namespace
}  // namespace hcloud::sim

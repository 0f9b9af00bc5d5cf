// Volumes: what may be asked of them, what is refused and how, and what they are after each action.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

const char* const kVolumeProject = R"(
servers:
  42: {name: web1, location: fsn1}
  43: {name: web2, location: fsn1}
  44: {name: far, location: hel1}
volumes:
  1: {name: data, size: 20, server: 42, labels: {role: db}}
  2: {name: spare, size: 10, format: ext4}
)";

json new_volume(const json& more = json::object()) {
    json body = {{"name", "new"}, {"size", 10}, {"location", "fsn1"}};
    body.merge_patch(more);
    return body;
}

class Volumes : public testing::Test {
  protected:
    json volume(int id) { return project_.get("/volumes/" + std::to_string(id)).body.at("volume"); }
    json server_volumes(int id) {
        return project_.get("/servers/" + std::to_string(id)).body.at("server").at("volumes");
    }

    Project project_{kVolumeProject};
};

TEST_F(Volumes, ShowTheirDeviceAndServer) {
    const json shown = volume(1);
    EXPECT_EQ(shown["linux_device"], "/dev/disk/by-id/scsi-0HC_Volume_1");
    EXPECT_EQ(shown["server"], 42);
    EXPECT_EQ(shown["location"]["name"], "fsn1");
    EXPECT_EQ(shown["format"], nullptr);
    EXPECT_EQ(server_volumes(42), json::array({1}));
    EXPECT_EQ(server_volumes(43), json::array());
}

TEST_F(Volumes, AreBeingCreatedUntilTheActionEnds) {
    const Outcome made = project_.post("/volumes", new_volume({{"format", "xfs"}}));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body["volume"]["status"], "creating");
    EXPECT_EQ(made.body["volume"]["format"], "xfs");
    EXPECT_EQ(made.body["action"]["command"], "create_volume");
    EXPECT_EQ(made.body["next_actions"], json::array());
    const int id = made.body["volume"]["id"];
    EXPECT_EQ(project_.get("/volumes?status=creating").body["volumes"].size(), 1U);
    project_.let_actions_end();
    EXPECT_EQ(volume(id)["status"], "available");
    EXPECT_EQ(project_.get("/volumes?status=creating").body["volumes"].size(), 0U);
}

TEST_F(Volumes, CanBeCreatedForAServerAndAreAttachedAfterwards) {
    const Outcome made = project_.post(
        "/volumes", {{"name", "new"}, {"size", 10}, {"server", 44}, {"automount", true}});
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body["volume"]["location"]["name"], "hel1");
    EXPECT_EQ(made.body["volume"]["server"], nullptr);
    ASSERT_EQ(made.body["next_actions"].size(), 1U);
    EXPECT_EQ(made.body["next_actions"][0]["command"], "attach_volume");
    const int id = made.body["volume"]["id"];
    project_.tick(std::chrono::milliseconds(600));
    EXPECT_EQ(volume(id)["status"], "available");
    EXPECT_EQ(volume(id)["server"], nullptr) << "the second action has its time too";
    project_.tick(std::chrono::milliseconds(400));
    EXPECT_EQ(volume(id)["server"], 44);
    EXPECT_EQ(server_volumes(44), json::array({id}));
}

TEST_F(Volumes, AreNotAttachedIfTheirCreationFailed) {
    State state = Project(kVolumeProject).state();
    state.actions.failing["create_volume"] = {"unknown_error", "no", std::nullopt};
    Project project(state);
    const Outcome made =
        project.complete("/volumes", {{"name", "n"}, {"size", 10}, {"server", 42}});
    const auto status = [&](const json& action) {
        return project.get("/actions/" + action.at("id").dump()).body["action"]["status"];
    };
    EXPECT_EQ(status(made.body["action"]), "error");
    EXPECT_EQ(status(made.body["next_actions"][0]), "error");
    EXPECT_EQ(project.get("/servers/42").body["server"]["volumes"], json::array({1}));
}

TEST_F(Volumes, TakeALocationByIdToo) {
    for (const json& location : {json(3), json("3"), json("hel1")}) {
        const Outcome made = project_.post(
            "/volumes",
            new_volume({{"name", "v" + location.dump().substr(1, 1)}, {"location", location}}));
        ASSERT_EQ(made.status, 201) << made.body;
        EXPECT_EQ(made.body["volume"]["location"]["name"], "hel1");
        project_.call("DELETE", "/volumes/" + made.body["volume"]["id"].dump());
    }
}

struct BadBody {
    const char* name;
    const char* patch;  // of new_volume()
    std::vector<std::string> fields;
};

void PrintTo(const BadBody& test, std::ostream* out) {
    *out << test.name;
}

class NewVolumes : public testing::TestWithParam<BadBody> {};

TEST_P(NewVolumes, AreRefusedWithTheFieldsThatAreWrong) {
    Project project(kVolumeProject);
    const Outcome refused = project.post("/volumes", new_volume(json::parse(GetParam().patch)));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "invalid_input");
    EXPECT_EQ(refused.fields(), GetParam().fields);
    EXPECT_EQ(project.get("/volumes").body["volumes"].size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, NewVolumes,
    testing::Values(BadBody{"Nothing",
                            R"({"name":null,"size":null,"location":null})",
                            {"name", "size", "location"}},
                    BadBody{"TooSmall", R"({"size":9})", {"size"}},
                    BadBody{"TooLarge", R"({"size":10241})", {"size"}},
                    BadBody{"SizeIsText", R"({"size":"10"})", {"size"}},
                    BadBody{"BadFormat", R"({"format":"ntfs"})", {"format"}},
                    BadBody{"NoSuchLocation", R"({"location":"mars"})", {"location"}},
                    BadBody{"AutomountAlone", R"({"automount":true})", {"automount"}},
                    BadBody{"OtherLocation", R"({"server":44})", {"location"}},
                    BadBody{"NameEndsInDash", R"({"name":"data-"})", {"name"}},
                    BadBody{"NameHasBlank", R"({"name":"my data"})", {"name"}},
                    BadBody{"BadLabel", R"({"labels":{"-":"x"}})", {"labels"}}),
    [](const auto& test) { return test.param.name; });

TEST_F(Volumes, NeedNamesOfTheirOwn) {
    const Outcome refused = project_.post("/volumes", new_volume({{"name", "data"}}));
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "uniqueness_error");
    EXPECT_EQ(project_.call("PUT", "/volumes/2", {{"name", "data"}}).code(), "uniqueness_error");
    EXPECT_THAT(project_.call("PUT", "/volumes/2", {{"name", "-"}}).fields(), ElementsAre("name"));
    EXPECT_EQ(project_.call("PUT", "/volumes/2", {{"name", "other"}}).status, 200);
    EXPECT_EQ(volume(2)["name"], "other");
}

TEST_F(Volumes, OfAServerThatIsNotThereAreNotCreated) {
    const Outcome refused =
        project_.post("/volumes", {{"name", "n"}, {"size", 10}, {"server", 99}});
    EXPECT_EQ(refused.status, 404);
}

TEST_F(Volumes, AttachWhenTheActionEnds) {
    const Outcome attaching = project_.post("/volumes/2/actions/attach", {{"server", 43}});
    ASSERT_EQ(attaching.status, 201) << attaching.body;
    EXPECT_EQ(attaching.body["action"]["command"], "attach_volume");
    EXPECT_EQ(volume(2)["server"], nullptr);
    EXPECT_EQ(project_.get("/servers/43").body["server"]["locked"], true);
    project_.let_actions_end();
    EXPECT_EQ(volume(2)["server"], 43);
    EXPECT_EQ(server_volumes(43), json::array({2}));
}

TEST_F(Volumes, StayUnattachedIfTheServerIsGoneWhenTheActionEnds) {
    const Outcome attaching = project_.post("/volumes/2/actions/attach", {{"server", 43}});
    project_.patch_state({{"servers", {{"43", nullptr}}}});
    project_.let_actions_end();
    const json action =
        project_.get("/actions/" + attaching.body["action"]["id"].dump()).body["action"];
    EXPECT_EQ(action["status"], "error");
    EXPECT_EQ(action["error"]["code"], "action_failed");
    EXPECT_EQ(volume(2)["server"], nullptr);
}

TEST_F(Volumes, ThatAreAttachedAreNotAttachedAgain) {
    const Outcome refused = project_.post("/volumes/1/actions/attach", {{"server", 43}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "volume_already_attached");
    EXPECT_EQ(refused.message(), "volume is already attached to a server");
    project_.patch_state({{"switches", {{"attach_attached_volume", "service_error"}}}});
    EXPECT_EQ(project_.post("/volumes/1/actions/attach", {{"server", 42}}).code(), "service_error");
}

TEST_F(Volumes, AttachOnlyInTheirLocation) {
    const Outcome refused = project_.post("/volumes/2/actions/attach", {{"server", 44}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "invalid_input");
    EXPECT_EQ(refused.message(), "volume with ID '2' is in another location than the server");
}

TEST_F(Volumes, AttachOnlyToWhatIsThere) {
    EXPECT_EQ(project_.post("/volumes/2/actions/attach", {{"server", 99}}).status, 404);
    EXPECT_EQ(project_.post("/volumes/9/actions/attach", {{"server", 42}}).status, 404);
    EXPECT_THAT(project_.post("/volumes/2/actions/attach").fields(), ElementsAre("server"));
}

TEST_F(Volumes, AreSixteenToAServerAtMost) {
    json more = json::object();
    for (int id = 101; id < 116; ++id)
        more[std::to_string(id)] = {{"server", 42}};
    project_.patch_state({{"volumes", more}});
    ASSERT_EQ(server_volumes(42).size(), 16U);
    const Outcome refused = project_.post("/volumes/2/actions/attach", {{"server", 42}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "limit_exceeded_error");
    EXPECT_EQ(project_.post("/volumes", {{"name", "n"}, {"size", 10}, {"server", 42}}).code(),
              "limit_exceeded_error");
}

TEST_F(Volumes, OfALockedServerWait) {
    project_.post("/volumes/1/actions/detach");
    const Outcome refused = project_.post("/volumes/2/actions/attach", {{"server", 42}});
    EXPECT_EQ(refused.status, 423);
    EXPECT_EQ(refused.code(), "locked");
    EXPECT_EQ(refused.message(), "cannot perform operation because server is locked");
    EXPECT_EQ(project_.post("/volumes/1/actions/resize", {{"size", 30}}).message(),
              "cannot perform operation because volume is locked");
    EXPECT_EQ(project_.post("/volumes", {{"name", "n"}, {"size", 10}, {"server", 42}}).code(),
              "locked");
    project_.let_actions_end();
    EXPECT_EQ(project_.post("/volumes/2/actions/attach", {{"server", 42}}).status, 201);
}

TEST_F(Volumes, DetachWhenTheActionEnds) {
    const Outcome detaching = project_.post("/volumes/1/actions/detach");
    ASSERT_EQ(detaching.status, 201) << detaching.body;
    EXPECT_EQ(detaching.body["action"]["resources"],
              json({{{"id", 42}, {"type", "server"}}, {{"id", 1}, {"type", "volume"}}}));
    EXPECT_EQ(volume(1)["server"], 42);
    project_.let_actions_end();
    EXPECT_EQ(volume(1)["server"], nullptr);
    EXPECT_EQ(server_volumes(42), json::array());
}

TEST_F(Volumes, ThatNobodyHasAreDetachedAsTheSwitchSays) {
    const Outcome refused = project_.post("/volumes/2/actions/detach");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "service_error");
    project_.patch_state({{"switches", {{"detach_detached_volume", "success"}}}});
    EXPECT_EQ(project_.post("/volumes/2/actions/detach").status, 201);
}

TEST_F(Volumes, OnlyGrow) {
    for (const int size : {9, 20, 10'241}) {
        const Outcome refused = project_.post("/volumes/1/actions/resize", {{"size", size}});
        EXPECT_EQ(refused.code(), "invalid_input") << size;
    }
    const Outcome resizing = project_.post("/volumes/1/actions/resize", {{"size", 21}});
    ASSERT_EQ(resizing.status, 201) << resizing.body;
    EXPECT_EQ(resizing.body["action"]["command"], "resize_volume");
    EXPECT_EQ(volume(1)["size"], 20);
    project_.let_actions_end();
    EXPECT_EQ(volume(1)["size"], 21);
}

TEST_F(Volumes, AreNotDeletedWhileAttachedOrProtected) {
    const Outcome attached = project_.call("DELETE", "/volumes/1");
    EXPECT_EQ(attached.status, 422);
    EXPECT_EQ(attached.code(), "service_error");
    EXPECT_EQ(attached.message(), "volume with ID '1' is still attached to a server");
    project_.complete("/volumes/2/actions/change_protection", {{"delete", true}});
    const Outcome kept = project_.call("DELETE", "/volumes/2");
    EXPECT_EQ(kept.status, 423);
    EXPECT_EQ(kept.message(), "Volume deletion is protected");
    project_.complete("/volumes/2/actions/change_protection", {{"delete", false}});
    EXPECT_EQ(project_.call("DELETE", "/volumes/2").status, 204);
    EXPECT_EQ(project_.get("/volumes/2").status, 404);
}

TEST_F(Volumes, AreFoundByLabelAndName) {
    EXPECT_EQ(project_.get("/volumes?label_selector=role").body["volumes"].size(), 1U);
    EXPECT_EQ(project_.get("/volumes?name=spare").body["volumes"][0]["id"], 2);
}

}  // namespace
}  // namespace hcloud::sim

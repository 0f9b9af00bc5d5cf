// What can be done with a server that is there: power, type, image, ISO, rescue system, settings.
#include "tests/simulator/test_project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::Outcome;
using test::Project;
using testing::ElementsAre;

class ServerActions : public testing::Test {
  protected:
    Outcome act(const std::string& name, const json& body = nullptr) {
        return project_.post("/servers/42/actions/" + name, body);
    }
    void complete(const std::string& name, const json& body = nullptr) {
        const Outcome outcome = act(name, body);
        ASSERT_EQ(outcome.status, 201) << outcome.body;
        project_.let_actions_end();
    }
    json server() { return project_.get("/servers/42").body.at("server"); }
    std::string status() { return server().at("status"); }
    json status_of(const Outcome& outcome) {
        const Id id = outcome.body.at("action").at("id");
        return project_.get("/actions/" + std::to_string(id)).body.at("action").at("status");
    }

    Project project_{R"(
placement_groups: {897: {name: apart}}
ssh_keys: {1: {public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOYHX+J me"}}
images:
  4711: {disk_size: 40}
  4712: {disk_size: 80}
  4713: {status: creating}
  4714: {architecture: arm}
servers:
  42: {name: web1, public_ipv4: 203.0.113.10, public_ipv6: "2001:db8:42::/64"}
)"};
};

TEST_F(ServerActions, PowerOffAndOn) {
    EXPECT_EQ(act("poweroff").body["action"]["command"], "stop_server");
    EXPECT_EQ(status(), "stopping");
    EXPECT_EQ(server()["locked"], true);
    EXPECT_EQ(act("poweron").status, 423);
    EXPECT_EQ(act("poweron").code(), "locked");
    project_.let_actions_end();
    EXPECT_EQ(status(), "off");
    EXPECT_EQ(act("poweron").body["action"]["command"], "start_server");
    EXPECT_EQ(status(), "starting");
    project_.let_actions_end();
    EXPECT_EQ(status(), "running");
    EXPECT_EQ(server()["locked"], false);
}

TEST_F(ServerActions, ShutDownAndReboot) {
    EXPECT_EQ(act("reboot").body["action"]["command"], "reboot_server");
    EXPECT_EQ(status(), "running");
    project_.let_actions_end();
    EXPECT_EQ(act("shutdown").body["action"]["command"], "shutdown_server");
    project_.let_actions_end();
    EXPECT_EQ(status(), "off");
}

TEST_F(ServerActions, ASystemThatDoesNotListenIsOnlySwitchedOff) {
    project_.patch_state({{"servers", {{"42", {{"ignores_acpi", true}}}}}});
    const Outcome outcome = act("shutdown");
    project_.let_actions_end();
    EXPECT_EQ(status_of(outcome), "success") << "it was sent, no more";
    EXPECT_EQ(status(), "running");
    complete("poweroff");
    EXPECT_EQ(status(), "off");
}

TEST_F(ServerActions, AStoppedServerIsStartedByResetAndNotByReboot) {
    complete("poweroff");
    const Outcome reboot = act("reboot");
    project_.let_actions_end();
    EXPECT_EQ(status_of(reboot), "success");
    EXPECT_EQ(status(), "off");
    EXPECT_EQ(act("reset").body["action"]["command"], "reset_server");
    project_.let_actions_end();
    EXPECT_EQ(status(), "running");
}

TEST_F(ServerActions, WhetherAnAcpiRequestToAStoppedServerFailsIsASwitch) {
    project_.patch_state({{"switches", {{"acpi_when_stopped", "action_failed"}}}});
    complete("poweroff");
    const Outcome reboot = act("reboot");
    project_.let_actions_end();
    EXPECT_EQ(status_of(reboot), "error");
}

TEST_F(ServerActions, AnActionThatFailsLeavesTheStatus) {
    project_.patch_state(json::parse(R"({"failing_actions":{"stop_server":{}}})"));
    const Outcome outcome = act("poweroff");
    EXPECT_EQ(status(), "stopping");
    project_.let_actions_end();
    EXPECT_EQ(status_of(outcome), "error");
    EXPECT_EQ(status(), "running");
}

TEST_F(ServerActions, RebuildInstallsAnImageAndStarts) {
    complete("poweroff");
    const Outcome outcome = act("rebuild", {{"image", "ubuntu-24.04"}});
    EXPECT_EQ(outcome.status, 201);
    EXPECT_EQ(outcome.body["action"]["command"], "rebuild_server");
    EXPECT_TRUE(outcome.body["root_password"].is_string());
    EXPECT_EQ(status(), "rebuilding");
    project_.let_actions_end();
    EXPECT_EQ(status(), "running");
    EXPECT_EQ(server()["image"]["name"], "ubuntu-24.04");
    complete("rebuild", {{"image", 4711}});
    EXPECT_EQ(server()["image"]["id"], 4711);
}

TEST_F(ServerActions, RebuildGivesNoPasswordToAServerWithKeys) {
    project_.patch_state({{"servers", {{"42", {{"public_keys", {"ssh-ed25519 A"}}}}}}});
    EXPECT_EQ(act("rebuild", {{"image", "debian-12"}}).body["root_password"], nullptr);
}

TEST_F(ServerActions, RebuildNeedsAnImageThatFits) {
    EXPECT_EQ(act("rebuild", {{"image", "windows"}}).code(), "not_found");
    EXPECT_EQ(act("rebuild", {{"image", 99}}).status, 404);
    EXPECT_THAT(act("rebuild", json::object()).fields(), ElementsAre("image"));
    EXPECT_THAT(act("rebuild", {{"image", 4712}}).fields(), ElementsAre("image")) << "too large";
    EXPECT_THAT(act("rebuild", {{"image", 4714}}).fields(), ElementsAre("image")) << "arm";
    EXPECT_EQ(act("rebuild", {{"image", 4713}}).status, 412);
    EXPECT_EQ(act("rebuild", {{"image", 4713}}).code(), "resource_unavailable");
}

TEST_F(ServerActions, ProtectionIsFromDeletionAndRebuildAtOnce) {
    EXPECT_THAT(act("change_protection", {{"delete", true}}).fields(),
                ElementsAre("delete", "rebuild"));
    complete("change_protection", {{"delete", true}, {"rebuild", true}});
    EXPECT_EQ(server()["protection"], (json{{"delete", true}, {"rebuild", true}}));
    EXPECT_EQ(act("rebuild", {{"image", "debian-12"}}).status, 423);
    EXPECT_EQ(act("rebuild", {{"image", "debian-12"}}).code(), "protected");
    EXPECT_EQ(project_.call("DELETE", "/servers/42").code(), "protected");
}

TEST_F(ServerActions, ChangeTypeNeedsAStoppedServer) {
    const json larger{{"server_type", "cpx21"}, {"upgrade_disk", true}};
    EXPECT_EQ(act("change_type", larger).status, 422);
    EXPECT_EQ(act("change_type", larger).code(), "server_not_stopped");
    complete("poweroff");
    EXPECT_EQ(act("change_type", larger).body["action"]["command"], "change_server_type");
    EXPECT_EQ(status(), "migrating");
    project_.let_actions_end();
    EXPECT_EQ(server()["server_type"]["name"], "cpx21");
    EXPECT_EQ(server()["primary_disk_size"], 80);
    EXPECT_EQ(status(), "running") << "started again, the reference says";
}

TEST_F(ServerActions, WithoutADiskUpgradeTheWayBackIsOpen) {
    project_.patch_state({{"switches", {{"change_type_then", "off"}}}});
    complete("poweroff");
    complete("change_type", {{"server_type", 23}, {"upgrade_disk", false}});
    EXPECT_EQ(status(), "off");
    EXPECT_EQ(server()["primary_disk_size"], 40);
    complete("change_type", {{"server_type", "cpx11"}, {"upgrade_disk", false}});
    EXPECT_EQ(server()["server_type"]["name"], "cpx11");
}

TEST_F(ServerActions, ChangeTypeRefusesWhatDoesNotFit) {
    project_.patch_state({{"out_of_stock", {{"cpx31", {"fsn1"}}}}});
    complete("poweroff");
    const auto code = [&](const json& type) {
        return act("change_type", {{"server_type", type}, {"upgrade_disk", false}}).code();
    };
    EXPECT_EQ(code("cpx11"), "invalid_server_type") << "its own";
    EXPECT_EQ(code("cax21"), "invalid_server_type") << "arm";
    EXPECT_EQ(code("cx11"), "invalid_server_type") << "a smaller disk, and deprecated";
    EXPECT_EQ(code("cpx31"), "resource_unavailable");
    EXPECT_EQ(code("cpx99"), "not_found");
    EXPECT_THAT(act("change_type", json::object()).fields(),
                ElementsAre("server_type", "upgrade_disk"));
}

TEST_F(ServerActions, AnIsoIsAttachedExchangedAndDetached) {
    complete("attach_iso", {{"iso", "debian-12.5.0-amd64-netinst.iso"}});
    EXPECT_EQ(server()["iso"]["id"], 121508);
    complete("attach_iso", {{"iso", 122630}});
    EXPECT_EQ(server()["iso"]["name"], "virtio-win-0.1.248.iso");
    EXPECT_EQ(act("attach_iso", {{"iso", 121509}}).code(), "unsupported_error") << "arm";
    EXPECT_EQ(act("attach_iso", {{"iso", "none.iso"}}).status, 404);
    EXPECT_EQ(act("detach_iso").body["action"]["status"], "running");
    project_.let_actions_end();
    EXPECT_EQ(server()["iso"], nullptr);
    EXPECT_EQ(act("detach_iso").body["action"]["status"], "success") << "nothing to do";
}

TEST_F(ServerActions, TheRescueSystemIsForOneBoot) {
    const Outcome outcome = act("enable_rescue", {{"type", "linux64"}, {"ssh_keys", {1}}});
    EXPECT_EQ(outcome.status, 201);
    EXPECT_EQ(outcome.body["root_password"].get<std::string>().size(), 20U);
    EXPECT_EQ(server()["rescue_enabled"], false);
    project_.let_actions_end();
    EXPECT_EQ(server()["rescue_enabled"], true);
    complete("reboot");
    EXPECT_EQ(server()["rescue_enabled"], false);
    complete("enable_rescue");
    complete("disable_rescue");
    EXPECT_EQ(server()["rescue_enabled"], false);
    EXPECT_EQ(act("enable_rescue", {{"ssh_keys", {99}}}).code(), "not_found");
    EXPECT_THAT(act("enable_rescue", {{"type", "dos"}}).fields(), ElementsAre("type"));
}

TEST_F(ServerActions, PasswordsAndConsolesAreNewEachTime) {
    const Outcome first = act("request_console");
    EXPECT_THAT(first.body["wss_url"].get<std::string>(),
                testing::StartsWith("wss://console.hetzner.cloud/?server_id=42&token="));
    project_.let_actions_end();
    EXPECT_NE(act("request_console").body["password"], first.body["password"]);
    project_.let_actions_end();
    EXPECT_TRUE(act("reset_password").body["root_password"].is_string());
    project_.let_actions_end();
    complete("poweroff");
    EXPECT_EQ(act("reset_password").status, 422);
    EXPECT_EQ(act("reset_password").code(), "service_error");
}

TEST_F(ServerActions, ReverseDnsIsThatOfThePrimaryIps) {
    complete("change_dns_ptr", {{"ip", "203.0.113.10"}, {"dns_ptr", "web.example.com"}});
    EXPECT_EQ(server()["public_net"]["ipv4"]["dns_ptr"], "web.example.com");
    complete("change_dns_ptr", {{"ip", "2001:db8:42::1"}, {"dns_ptr", "six.example.com"}});
    EXPECT_EQ(server()["public_net"]["ipv6"]["dns_ptr"][0],
              (json{{"ip", "2001:db8:42::1"}, {"dns_ptr", "six.example.com"}}));
    complete("change_dns_ptr", {{"ip", "203.0.113.10"}, {"dns_ptr", nullptr}});
    EXPECT_EQ(server()["public_net"]["ipv4"]["dns_ptr"],
              "static.10.113.0.203.clients.your-server.de");
    EXPECT_THAT(
        act("change_dns_ptr", {{"ip", "203.0.113.11"}, {"dns_ptr", "x.example.com"}}).fields(),
        ElementsAre("ip"));
}

TEST_F(ServerActions, APlacementGroupIsEnteredByAStoppedServer) {
    const json group{{"placement_group", 897}};
    EXPECT_EQ(act("add_to_placement_group", group).code(), "server_not_stopped");
    complete("poweroff");
    EXPECT_EQ(act("add_to_placement_group", {{"placement_group", 1}}).code(), "not_found");
    complete("add_to_placement_group", group);
    EXPECT_EQ(server()["placement_group"]["id"], 897);
    EXPECT_EQ(act("add_to_placement_group", group).code(), "service_error");
    complete("remove_from_placement_group");
    EXPECT_EQ(server()["placement_group"], nullptr);
}

TEST_F(ServerActions, APlacementGroupTakesTenServers) {
    json servers;
    for (int id = 1; id <= 10; ++id)
        servers[std::to_string(id)] = {{"placement_group", 897}};
    project_.patch_state({{"servers", servers}});
    complete("poweroff");
    const Outcome outcome = act("add_to_placement_group", {{"placement_group", 897}});
    EXPECT_EQ(outcome.status, 422);
    EXPECT_EQ(outcome.code(), "placement_group_member_limit_reached");
    EXPECT_EQ(outcome.message(), "placement group with ID 897 contains already 10 servers");
}

TEST_F(ServerActions, AreRefusedForAServerThatIsNotThere) {
    for (const char* action : {"poweron", "rebuild", "attach_iso", "change_type"}) {
        const Outcome outcome = project_.post(std::string("/servers/9/actions/") + action);
        EXPECT_EQ(outcome.status, 404) << action;
        EXPECT_EQ(outcome.message(), "server with ID '9' not found");
    }
}

TEST_F(ServerActions, AnUpdateChecksTheName) {
    EXPECT_THAT(project_.call("PUT", "/servers/42", {{"name", "web_1"}}).fields(),
                ElementsAre("name"));
    const Outcome outcome = project_.call(
        "PUT", "/servers/42", {{"name", "web-1.example.com"}, {"labels", {{"a", "b"}}}});
    EXPECT_EQ(outcome.status, 200);
    EXPECT_EQ(server()["name"], "web-1.example.com");
    EXPECT_EQ(server()["labels"], (json{{"a", "b"}}));
}

}  // namespace
}  // namespace hcloud::sim

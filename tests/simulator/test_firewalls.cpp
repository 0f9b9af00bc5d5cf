// Firewalls: their rules, what they are applied to directly and by label, and what is refused.
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
servers:
  42: {name: web1, public_ipv4: 203.0.113.1, labels: {role: web}}
  43: {name: web2, public_ipv6: "2001:db8:43::/64", labels: {role: web}}
  44: {name: db, public_ipv4: 203.0.113.3}
  45: {name: hidden, labels: {role: web}}
firewalls:
  1: {name: ssh, rules: [{direction: in, protocol: tcp, port: 22, source_ips: [0.0.0.0/0]}]}
  2: {name: web, servers: [44], selectors: [role=web]}
)";

json servers(const std::vector<int>& ids) {
    json list = json::array();
    for (const int id : ids)
        list.push_back({{"type", "server"}, {"server", {{"id", id}}}});
    return list;
}

json selector(const std::string& text) {
    return {{"type", "label_selector"}, {"label_selector", {{"selector", text}}}};
}

json rule(const json& more = json::object()) {
    json body = {{"direction", "in"},
                 {"protocol", "tcp"},
                 {"port", "80"},
                 {"source_ips", {"0.0.0.0/0", "::/0"}}};
    body.merge_patch(more);
    return body;
}

class Firewalls : public testing::Test {
  protected:
    json firewall(int id) {
        return project_.get("/firewalls/" + std::to_string(id)).body.at("firewall");
    }
    json firewalls_of(int server) {
        return project_.get("/servers/" + std::to_string(server))
            .body.at("server")
            .at("public_net")
            .at("firewalls");
    }
    Outcome apply(int id, const json& resources) {
        return project_.post("/firewalls/" + std::to_string(id) + "/actions/apply_to_resources",
                             {{"apply_to", resources}});
    }
    Outcome remove(int id, const json& resources) {
        return project_.post("/firewalls/" + std::to_string(id) + "/actions/remove_from_resources",
                             {{"remove_from", resources}});
    }
    std::string status_of(const json& action) {
        return project_.get("/actions/" + action.at("id").dump()).body["action"]["status"];
    }

    Project project_{kProject};
};

TEST_F(Firewalls, ShowWhatTheyAreAppliedTo) {
    const json applied = firewall(2)["applied_to"];
    ASSERT_EQ(applied.size(), 2U);
    EXPECT_EQ(applied[0], servers({44})[0]);
    EXPECT_EQ(applied[1]["label_selector"]["selector"], "role=web");
    EXPECT_EQ(applied[1]["applied_to_resources"], servers({42, 43}))
        << "not the one without a public interface";
    EXPECT_EQ(firewalls_of(42), json::parse(R"([{"id":2,"status":"applied"}])"));
    EXPECT_EQ(firewalls_of(45), json::array());
}

TEST_F(Firewalls, FollowTheLabelsOfServers) {
    project_.patch_state({{"servers", {{"42", {{"labels", {{"role", "db"}}}}}}}});
    EXPECT_EQ(firewall(2)["applied_to"][1]["applied_to_resources"], servers({43}));
    EXPECT_EQ(firewalls_of(42), json::array());
}

TEST_F(Firewalls, AreCreatedWithRulesAndResources) {
    const Outcome made =
        project_.post("/firewalls", {{"name", "new"},
                                     {"labels", {{"a", "b"}}},
                                     {"rules", {rule({{"description", "http"}})}},
                                     {"apply_to", {servers({42})[0], selector("role=web")}}});
    ASSERT_EQ(made.status, 201) << made.body;
    const json shown = made.body["firewall"];
    EXPECT_EQ(shown["rules"][0],
              rule({{"description", "http"}, {"destination_ips", json::array()}}));
    EXPECT_EQ(shown["applied_to"], json::array()) << "not before the actions have ended";
    std::vector<std::string> commands;
    for (const json& action : made.body["actions"])
        commands.push_back(action["command"]);
    EXPECT_THAT(commands, ElementsAre("set_firewall_rules", "apply_firewall", "apply_firewall",
                                      "apply_firewall"));
    project_.let_actions_end();
    EXPECT_EQ(firewall(shown["id"])["applied_to"].size(), 2U);
}

TEST_F(Firewalls, NeedANameOfTheirOwn) {
    EXPECT_THAT(project_.post("/firewalls").fields(), ElementsAre("name"));
    EXPECT_EQ(project_.post("/firewalls", {{"name", "ssh"}}).code(), "uniqueness_error");
    const std::string longest(128, 'x');
    EXPECT_THAT(project_.post("/firewalls", {{"name", longest + "x"}}).fields(),
                ElementsAre("name"));
    EXPECT_EQ(project_.post("/firewalls", {{"name", longest}}).body["actions"], json::array());
    EXPECT_THAT(project_.call("PUT", "/firewalls/1", {{"name", longest + "x"}}).fields(),
                ElementsAre("name"));
    EXPECT_EQ(project_.call("PUT", "/firewalls/1", {{"name", "other"}}).status, 200);
}

TEST_F(Firewalls, AreNotCreatedForWhatCannotHaveThem) {
    const auto create = [&](const json& resources) {
        return project_.post("/firewalls", {{"name", "new"}, {"apply_to", resources}});
    };
    EXPECT_EQ(create(servers({42, 42})).code(), "server_already_added");
    EXPECT_EQ(create(servers({45})).code(), "incompatible_network_type");
    const Outcome unknown = create(servers({99}));
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.code(), "firewall_resource_not_found");
    EXPECT_EQ(project_.get("/firewalls").body["firewalls"].size(), 2U);
}

struct BadRule {
    const char* name;
    const char* patch;  // of rule()
    std::vector<std::string> fields;
};

void PrintTo(const BadRule& test, std::ostream* out) {
    *out << test.name;
}

class Rules : public testing::TestWithParam<BadRule> {};

TEST_P(Rules, AreRefusedWithTheFieldsThatAreWrong) {
    Project project(kProject);
    const Outcome refused =
        project.post("/firewalls/1/actions/set_rules",
                     {{"rules", {rule(), rule(json::parse(GetParam().patch))}}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "invalid_input");
    EXPECT_EQ(refused.fields(), GetParam().fields);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Rules,
    testing::Values(
        BadRule{"NoDirection", R"({"direction":null})", {"rules.1.direction"}},
        BadRule{"BadDirection", R"({"direction":"up"})", {"rules.1.direction"}},
        BadRule{"BadProtocol", R"({"protocol":"sctp"})", {"rules.1.protocol"}},
        BadRule{"NoPort", R"({"port":null})", {"rules.1.port"}},
        BadRule{"PortIsNumber", R"({"port":80})", {"rules.1.port"}},
        BadRule{"PortZero", R"({"port":"0"})", {"rules.1.port"}},
        BadRule{"PortTooLarge", R"({"port":"65536"})", {"rules.1.port"}},
        BadRule{"RangeBackwards", R"({"port":"90-80"})", {"rules.1.port"}},
        BadRule{"IcmpHasNoPort", R"({"protocol":"icmp"})", {"rules.1.port"}},
        BadRule{"NoAddress", R"({"source_ips":[]})", {"rules.1.source_ips"}},
        BadRule{"BareAddress", R"({"source_ips":["10.0.0.1"]})", {"rules.1.source_ips"}},
        BadRule{"HostBits", R"({"source_ips":["10.0.0.1/24"]})", {"rules.1.source_ips"}},
        BadRule{"HostBits6", R"({"source_ips":["2001:db8::1/64"]})", {"rules.1.source_ips"}},
        BadRule{"OtherWay",
                R"({"direction":"out"})",
                {"rules.1.source_ips", "rules.1.destination_ips"}},
        BadRule{"Destination", R"({"destination_ips":["::/0"]})", {"rules.1.destination_ips"}}),
    [](const auto& test) { return test.param.name; });

TEST_F(Firewalls, HaveLimitedRules) {
    const auto set = [&](const json& rules) {
        return project_.post("/firewalls/1/actions/set_rules", {{"rules", rules}});
    };
    json addresses = json::array();
    for (int i = 0; i < 100; ++i)
        addresses.push_back("10.0.0." + std::to_string(i) + "/32");
    EXPECT_THAT(set(json(51, rule())).fields(), ElementsAre("rules"));
    EXPECT_THAT(set(json(6, rule({{"source_ips", addresses}}))).fields(), ElementsAre("rules"))
        << "600 effective rules";
    addresses.push_back("10.0.1.0/32");
    EXPECT_THAT(set(json::array({rule({{"source_ips", addresses}})})).fields(),
                ElementsAre("rules.0.source_ips"));
    EXPECT_THAT(set(json::array({rule({{"description", std::string(256, 'x')}})})).fields(),
                ElementsAre("rules.0.description"));
    EXPECT_THAT(project_.post("/firewalls/1/actions/set_rules").fields(), ElementsAre("rules"));
    EXPECT_EQ(set(json(50, rule())).status, 201);
}

TEST_F(Firewalls, GetTheirRulesWhenTheActionEnds) {
    const Outcome setting = project_.post("/firewalls/2/actions/set_rules", {{"rules", {rule()}}});
    ASSERT_EQ(setting.status, 201) << setting.body;
    ASSERT_EQ(setting.body["actions"].size(), 4U) << "one for each of three servers";
    EXPECT_EQ(firewall(2)["rules"], json::array());
    EXPECT_EQ(firewalls_of(44)[0]["status"], "pending");
    project_.let_actions_end();
    EXPECT_EQ(firewall(2)["rules"].size(), 1U);
    EXPECT_EQ(firewalls_of(44)[0]["status"], "applied");
    EXPECT_EQ(
        project_.complete("/firewalls/2/actions/set_rules", {{"rules", json::array()}}).status,
        201);
    EXPECT_EQ(firewall(2)["rules"], json::array());
}

TEST_F(Firewalls, ArePendingUntilTheActionEnds) {
    const Outcome applying = apply(1, servers({42, 44}));
    ASSERT_EQ(applying.status, 201) << applying.body;
    ASSERT_EQ(applying.body["actions"].size(), 2U);
    EXPECT_EQ(applying.body["actions"][0]["resources"],
              json::parse(R"([{"id":42,"type":"server"},{"id":1,"type":"firewall"}])"));
    EXPECT_EQ(firewalls_of(42)[0], json::parse(R"({"id":1,"status":"pending"})"));
    EXPECT_EQ(project_.get("/servers/42").body["server"]["locked"], false);
    project_.let_actions_end();
    EXPECT_EQ(firewalls_of(42)[0], json::parse(R"({"id":1,"status":"applied"})"));
    EXPECT_EQ(firewall(1)["applied_to"], servers({42, 44}));
}

TEST_F(Firewalls, AreAppliedToSelectors) {
    const Outcome applying = apply(1, {selector("role=web"), selector("role=none")});
    ASSERT_EQ(applying.status, 201) << applying.body;
    EXPECT_EQ(applying.body["actions"].size(), 3U) << "two servers, and one for no server";
    project_.let_actions_end();
    const json applied = firewall(1)["applied_to"];
    ASSERT_EQ(applied.size(), 2U);
    EXPECT_EQ(applied[0]["applied_to_resources"], servers({42, 43}));
    EXPECT_EQ(applied[1]["applied_to_resources"], json::array());
    EXPECT_EQ(apply(1, json::array({selector("role=web")})).code(), "firewall_already_applied");
    EXPECT_EQ(apply(1, servers({42})).status, 201) << "directly as well";
}

TEST_F(Firewalls, AreNotAppliedTwice) {
    EXPECT_EQ(apply(2, servers({44})).code(), "firewall_already_applied");
    EXPECT_EQ(apply(2, servers({44})).status, 422);
    EXPECT_EQ(apply(1, servers({42, 42})).code(), "firewall_already_applied");
}

TEST_F(Firewalls, AreAppliedOnlyToPublicServers) {
    const Outcome hidden = apply(1, servers({45}));
    EXPECT_EQ(hidden.status, 422);
    EXPECT_EQ(hidden.code(), "private_net_only_server");
    const Outcome unknown = apply(1, servers({99}));
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.code(), "firewall_resource_not_found");
}

TEST_F(Firewalls, AreFiveToAServerAtMost) {
    json more = json::object();
    for (int id = 101; id < 105; ++id)
        more[std::to_string(id)] = {{"servers", {42}}};
    project_.patch_state({{"firewalls", more}});
    ASSERT_EQ(firewalls_of(42).size(), 5U);
    const Outcome refused = apply(1, servers({42}));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "resource_limit_exceeded");
    EXPECT_EQ(apply(1, json::array({selector("role=web")})).code(), "resource_limit_exceeded");
    EXPECT_EQ(apply(2, servers({42})).status, 201) << "it has that one by its label";
}

TEST_F(Firewalls, NeedResourcesThatCanBeUnderstood) {
    EXPECT_THAT(project_.post("/firewalls/1/actions/apply_to_resources").fields(),
                ElementsAre("apply_to"));
    EXPECT_THAT(apply(1, json::array()).fields(), ElementsAre("apply_to"));
    EXPECT_THAT(apply(1, json::array({{{"type", "network"}}})).fields(),
                ElementsAre("apply_to.0.type"));
    EXPECT_THAT(apply(1, json::array({{{"type", "server"}}})).fields(),
                ElementsAre("apply_to.0.server"));
    EXPECT_THAT(apply(1, json::array({selector("a in")})).fields(),
                ElementsAre("apply_to.0.label_selector.selector"));
    EXPECT_THAT(remove(1, json::array()).fields(), ElementsAre("remove_from"));
}

TEST_F(Firewalls, AreRemovedWhenTheActionEnds) {
    const Outcome removing = remove(2, {servers({44})[0], selector("role=web")});
    ASSERT_EQ(removing.status, 201) << removing.body;
    EXPECT_EQ(removing.body["actions"][0]["command"], "remove_firewall");
    EXPECT_EQ(removing.body["actions"].size(), 3U);
    EXPECT_EQ(firewalls_of(44).size(), 1U);
    project_.let_actions_end();
    EXPECT_EQ(firewalls_of(44), json::array());
    EXPECT_EQ(firewalls_of(42), json::array());
    EXPECT_EQ(firewall(2)["applied_to"], json::array());
}

TEST_F(Firewalls, AreRemovedOnlyFromWhatHasThem) {
    EXPECT_EQ(remove(1, servers({42})).code(), "firewall_already_removed");
    EXPECT_EQ(remove(1, servers({42})).status, 422);
    EXPECT_EQ(remove(1, json::array({selector("role=web")})).code(), "firewall_already_removed");
    EXPECT_EQ(remove(2, servers({42})).code(), "firewall_managed_by_label_selector");
    EXPECT_EQ(remove(2, servers({99})).code(), "firewall_resource_not_found");
}

TEST_F(Firewalls, ConflictWhileTheyAreChanged) {
    apply(1, servers({42}));
    const Outcome refused = apply(1, servers({44}));
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "conflict");
    EXPECT_EQ(remove(1, servers({44})).code(), "conflict");
    EXPECT_EQ(project_.call("PUT", "/firewalls/1", {{"name", "n"}}).code(), "conflict");
    EXPECT_EQ(project_.call("DELETE", "/firewalls/1").code(), "conflict");
    EXPECT_EQ(apply(2, servers({42})).status, 201) << "another firewall, the same server";
    project_.let_actions_end();
    EXPECT_EQ(apply(1, servers({44})).status, 201);
}

TEST_F(Firewalls, AreNotAppliedIfTheServerIsGoneWhenTheActionEnds) {
    const Outcome applying = apply(1, servers({42}));
    project_.patch_state({{"servers", {{"42", nullptr}}}});
    project_.let_actions_end();
    EXPECT_EQ(status_of(applying.body["actions"][0]), "error");
    EXPECT_EQ(firewall(1)["applied_to"], json::array());
}

TEST_F(Firewalls, InUseAreNotDeleted) {
    const Outcome refused = project_.call("DELETE", "/firewalls/2");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "resource_in_use");
    EXPECT_EQ(refused.message(), "firewall with ID 2 is still in use");
    EXPECT_EQ(project_.call("DELETE", "/firewalls/1").status, 204);
    EXPECT_EQ(project_.get("/firewalls/1").status, 404);
}

}  // namespace
}  // namespace hcloud::sim

// The Cloud API over HTTP: access, errors, lists, and what the mutations do. Shapes:
// reference/test_endpoints.cpp.
#include "tests/simulator/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

class Api : public testing::Test {
  protected:
    test::Reply post(const std::string& path, const std::string& body = "") {
        return cloud_.call("POST", path, body);
    }
    json server(Id id) { return cloud_.get("/v1/servers/" + std::to_string(id)).json()["server"]; }
    json holder(Id id) {
        return cloud_.get("/v1/floating_ips/" + std::to_string(id)).json()["floating_ip"]["server"];
    }
    json action(Id id) { return cloud_.get("/v1/actions/" + std::to_string(id)).json()["action"]; }
    void let_actions_end() { cloud_.clock().tick(500ms); }

    test::Cloud cloud_;
};

TEST_F(Api, AssignMovesAFloatingIpWhenTheActionEnds) {
    const test::Reply reply = post("/v1/floating_ips/478/actions/assign", R"({"server":43})");
    EXPECT_EQ(reply.status, 201);
    const json started = reply.json()["action"];
    EXPECT_EQ(started["command"], "assign_floating_ip");
    EXPECT_EQ(started["status"], "running");
    EXPECT_EQ(started["progress"], 0);
    EXPECT_EQ(started["started"], "2026-11-23T12:00:00Z");
    EXPECT_EQ(started["finished"], nullptr);
    EXPECT_EQ(started["error"], nullptr);
    EXPECT_EQ(started["resources"],
              json::parse(R"([{"id":43,"type":"server"},{"id":478,"type":"floating_ip"}])"));

    cloud_.clock().tick(250ms);
    EXPECT_EQ(holder(478), 42);
    EXPECT_EQ(action(1)["progress"], 50);
    EXPECT_EQ(server(43)["locked"], true);

    cloud_.clock().tick(250ms);
    EXPECT_EQ(holder(478), 43);
    EXPECT_EQ(action(1)["status"], "success");
    EXPECT_EQ(action(1)["progress"], 100);
    EXPECT_EQ(action(1)["finished"], "2026-11-23T12:00:00Z");
    EXPECT_EQ(server(43)["locked"], false);
    EXPECT_EQ(server(43)["public_net"]["floating_ips"], json::array({478}));
    EXPECT_EQ(server(42)["public_net"]["floating_ips"], json::array());
}

TEST_F(Api, UnassignNeedsNoBody) {
    EXPECT_EQ(post("/v1/floating_ips/478/actions/unassign").status, 201);
    let_actions_end();
    EXPECT_EQ(holder(478), nullptr);
    EXPECT_EQ(post("/v1/floating_ips/478/actions/unassign").status, 422);
}

TEST_F(Api, ALockedResourceRefusesOtherMutations) {
    ASSERT_EQ(post("/v1/floating_ips/478/actions/assign", R"({"server":43})").status, 201);
    const test::Reply server =
        post("/v1/servers/43/actions/detach_from_network", R"({"network":4711})");
    EXPECT_EQ(server.status, 423);
    EXPECT_EQ(server.json()["error"]["code"], "locked");
    EXPECT_EQ(server.json()["error"]["message"],
              "cannot perform operation because server is locked");
    const test::Reply floating = post("/v1/floating_ips/478/actions/assign", R"({"server":42})");
    EXPECT_EQ(floating.status, 423) << "whoever holds it";
    EXPECT_EQ(post("/v1/floating_ips/478/actions/unassign").status, 423);
    EXPECT_EQ(post("/v1/servers/42/actions/detach_from_network", R"({"network":4711})").status, 201)
        << "the former holder is not concerned";
}

TEST_F(Api, AnActionWhoseServerVanishesEndsInError) {
    ASSERT_EQ(post("/v1/floating_ips/478/actions/assign", R"({"server":43})").status, 201);
    ASSERT_EQ(cloud_.call("PATCH", "/_sim/state", R"({"servers":{"43":null}})").status, 200);
    let_actions_end();
    EXPECT_EQ(action(1)["status"], "error");
    EXPECT_EQ(action(1)["error"]["code"], "action_failed");
    EXPECT_EQ(holder(478), 42);
}

TEST_F(Api, ChangeAliasIpsReplacesTheList) {
    const std::string path = "/v1/servers/42/actions/change_alias_ips";
    EXPECT_EQ(post(path, R"({"network":4711,"alias_ips":["10.0.0.3","10.0.0.6"]})").status, 201);
    let_actions_end();
    EXPECT_EQ(server(42)["private_net"][0]["alias_ips"], json::array({"10.0.0.3", "10.0.0.6"}));
    EXPECT_EQ(post(path, R"({"network":4711,"alias_ips":[]})").status, 201);
    let_actions_end();
    EXPECT_EQ(server(42)["private_net"][0]["alias_ips"], json::array());
}

TEST_F(Api, AttachChoosesAFreeAddressOfTheSubnet) {
    ASSERT_EQ(post("/v1/servers/43/actions/detach_from_network", R"({"network":4711})").status,
              201);
    let_actions_end();
    EXPECT_EQ(server(43)["private_net"], json::array());
    ASSERT_EQ(post("/v1/servers/43/actions/attach_to_network",
                   R"({"network":4711,"alias_ips":["10.0.0.4"]})")
                  .status,
              201);
    EXPECT_EQ(server(43)["private_net"], json::array()) << "only when the action ends";
    const test::Reply taken = post("/v1/servers/42/actions/change_alias_ips",
                                   R"({"network":4711,"alias_ips":["10.0.0.5"]})");
    EXPECT_EQ(taken.json()["error"]["code"], "ip_not_available")
        << "reserved by the running action";
    let_actions_end();
    const json net = server(43)["private_net"][0];
    EXPECT_EQ(net["ip"], "10.0.0.5") << "after gateway, 42's two and the alias";
    EXPECT_EQ(net["alias_ips"], json::array({"10.0.0.4"}));
}

TEST_F(Api, AttachTakesTheAddressThatIsAskedFor) {
    ASSERT_EQ(
        post("/v1/servers/43/actions/attach_to_network", R"({"network":4712,"ip":"10.1.7.7"})")
            .status,
        201);
    let_actions_end();
    EXPECT_EQ(server(43)["private_net"][1]["ip"], "10.1.7.7");
    EXPECT_EQ(cloud_.get("/v1/networks/4712").json()["network"]["servers"], json::array({43}));
}

TEST_F(Api, AFullSubnetHasNoAddressLeft) {
    ASSERT_EQ(post("/v1/servers/42/actions/change_alias_ips",
                   R"({"network":4711,"alias_ips":["10.0.0.3","10.0.0.5","10.0.0.6"]})")
                  .status,
              201);
    let_actions_end();
    ASSERT_EQ(cloud_.call("PATCH", "/_sim/state", R"({"servers":{"44":{}}})").status, 200);
    const test::Reply reply =
        post("/v1/servers/44/actions/attach_to_network", R"({"network":4711})");
    EXPECT_EQ(reply.json()["error"]["code"], "no_subnet_available");
}

struct Refusal {
    const char* name;
    const char* path;
    const char* body;
    int status;
    const char* code;
    const char* message;
};

void PrintTo(const Refusal& test, std::ostream* out) {
    *out << test.name;
}

class ApiRefusal : public Api, public testing::WithParamInterface<Refusal> {};

TEST_P(ApiRefusal, HasStatusCodeAndMessage) {
    const json before = cloud_.get("/_sim/state").json()["servers"];
    const test::Reply reply = post(GetParam().path, GetParam().body);
    EXPECT_EQ(reply.status, GetParam().status) << reply.body;
    const json error = reply.json()["error"];
    EXPECT_EQ(error["code"], GetParam().code);
    EXPECT_THAT(error["message"].get<std::string>(), HasSubstr(GetParam().message));
    EXPECT_TRUE(error.contains("details"));
    EXPECT_EQ(cloud_.get("/v1/actions/1").status, 404) << "nothing was started";
    EXPECT_EQ(cloud_.get("/_sim/state").json()["servers"], before);
}

constexpr const char* kAssign = "/v1/floating_ips/478/actions/assign";
constexpr const char* kAlias = "/v1/servers/42/actions/change_alias_ips";
constexpr const char* kAttach = "/v1/servers/42/actions/attach_to_network";
constexpr const char* kDetach = "/v1/servers/42/actions/detach_from_network";
INSTANTIATE_TEST_SUITE_P(
    Cases, ApiRefusal,
    testing::Values(
        Refusal{"NoJson", kAssign, "{server", 400, "json_error", "invalid JSON"},
        Refusal{"NoObject", kAssign, "[1]", 400, "json_error", "invalid JSON"},
        Refusal{"MissingField", kAssign, "{}", 422, "invalid_input",
                "invalid input in field 'server'"},
        Refusal{"TwoMissingFields", kAlias, "{}", 422, "invalid_input",
                "invalid input in fields 'network', 'alias_ips'"},
        Refusal{"WrongType", kAssign, R"({"server":"42"})", 422, "invalid_input", "field 'server'"},
        Refusal{"WrongItemType", kAlias, R"({"network":4711,"alias_ips":[1]})", 422,
                "invalid_input", "field 'alias_ips'"},
        Refusal{"AliasTwice", kAlias, R"({"network":4711,"alias_ips":["10.0.0.5","10.0.0.5"]})",
                422, "invalid_input", "field 'alias_ips'"},
        Refusal{"NoSuchFloatingIp", "/v1/floating_ips/1/actions/assign", R"({"server":42})", 404,
                "not_found", "floating IP with ID '1' not found"},
        Refusal{"NoSuchServer", kAssign, R"({"server":9})", 404, "not_found",
                "server with ID '9' not found"},
        Refusal{"AlreadyAssigned", kAssign, R"({"server":42})", 422, "floating_ip_assigned",
                "already"},
        Refusal{"NotAttached", kAlias, R"({"network":4712,"alias_ips":[]})", 422,
                "server_not_attached_to_network", "not attached"},
        Refusal{"AliasOfNeighbour", kAlias, R"({"network":4711,"alias_ips":["10.0.0.4"]})", 422,
                "ip_not_available", "10.0.0.4"},
        Refusal{"AliasIsGateway", kAlias, R"({"network":4711,"alias_ips":["10.0.0.1"]})", 422,
                "ip_not_available", "10.0.0.1"},
        Refusal{"AliasOutside", kAlias, R"({"network":4711,"alias_ips":["10.9.0.1"]})", 422,
                "ip_not_available", "10.9.0.1"},
        Refusal{"AlreadyAttached", kAttach, R"({"network":4711})", 422, "server_already_attached",
                ""},
        Refusal{"IpTaken", "/v1/servers/43/actions/attach_to_network",
                R"({"network":4712,"ip":"10.1.0.1"})", 422, "ip_not_available", "10.1.0.1"},
        Refusal{"AttachNoSuchNetwork", kAttach, R"({"network":1})", 404, "not_found", "network"},
        Refusal{"DetachNotAttached", kDetach, R"({"network":4712})", 422,
                "server_not_attached_to_network", ""},
        Refusal{"WrongMethod", "/v1/locations", "", 405, "method_not_allowed", ""},
        Refusal{"NoSuchEndpoint", "/v1/nonsense", "", 404, "not_found", ""},
        Refusal{"IdIsNoNumber", "/v1/servers/x/actions/attach_to_network", "{}", 404, "not_found",
                ""}),
    [](const auto& test) { return test.param.name; });

TEST_F(Api, InvalidInputNamesTheFieldsInDetails) {
    const json error = post(kAlias, R"({"network":"x","alias_ips":null})").json()["error"];
    EXPECT_EQ(error["details"], json::parse(R"({"fields":[
        {"name":"network","messages":["Not a valid integer."]},
        {"name":"alias_ips","messages":["Missing data for required field."]}]})"));
}

TEST_F(Api, NetworksThatOverlapAreRefused) {
    ASSERT_EQ(
        cloud_.call("PATCH", "/_sim/state", R"({"networks":{"5":{"ip_range":"10.0.128.0/24"}}})")
            .status,
        200);
    EXPECT_EQ(post(kAttach, R"({"network":5})").json()["error"]["code"], "networks_overlap");
}

TEST_F(Api, ATokenIsNeededAndMustBeKnown) {
    for (const char* token : {"", "stranger"}) {
        const test::Reply reply = cloud_.call("GET", "/v1/servers", "", token);
        EXPECT_EQ(reply.status, 401);
        EXPECT_EQ(reply.json()["error"]["code"], "unauthorized");
        EXPECT_EQ(reply.json()["error"]["message"], "unable to authenticate");
    }
    EXPECT_EQ(cloud_.call("GET", "/v1/servers", "", "reader").status, 200);
    const test::Reply refused = cloud_.call("POST", kAssign, R"({"server":43})", "reader");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.json()["error"]["code"], "token_readonly");
    ASSERT_EQ(cloud_.call("PATCH", "/_sim/state", R"({"tokens":null})").status, 200);
    EXPECT_EQ(cloud_.call("POST", kAssign, R"({"server":43})", "stranger").status, 201);
    EXPECT_EQ(cloud_.call("GET", "/v1/servers", "", "").status, 401);
}

TEST_F(Api, TheRateLimitIsCountedShownAndRefills) {
    ASSERT_EQ(cloud_.call("PATCH", "/_sim/state", R"({"rate_limit":{"remaining":2}})").status, 200);
    const test::Reply first = cloud_.get("/v1/servers");
    EXPECT_EQ(first.header("ratelimit-limit"), "3600");
    EXPECT_EQ(first.header("ratelimit-remaining"), "1");
    EXPECT_EQ(first.header("ratelimit-reset"), std::to_string(1'795'435'200 + 3599));
    EXPECT_NE(first.header("x-correlation-id"),
              cloud_.get("/v1/nonsense").header("x-correlation-id"))
        << "that one also counts";
    EXPECT_EQ(cloud_.get("/hetzner/v1/metadata").status, 200) << "metadata has no limit";
    const test::Reply refused = cloud_.get("/v1/servers");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("ratelimit-remaining"), "0");
    EXPECT_EQ(refused.json()["error"]["code"], "rate_limit_exceeded");
    EXPECT_EQ(refused.json()["error"]["message"], "limit of 3600 requests per hour reached");
    cloud_.clock().tick(1s);
    EXPECT_EQ(cloud_.get("/v1/servers").status, 200);
    EXPECT_EQ(cloud_.get("/v1/servers").status, 429);
}

TEST_F(Api, ManyActionsAreAskedForAtOnce) {
    ASSERT_EQ(post(kAssign, R"({"server":43})").status, 201);
    ASSERT_EQ(post(kDetach, R"({"network":4711})").status, 201);
    const json both = cloud_.get("/v1/actions?id=1&id=2&id=3").json()["actions"];
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[1]["command"], "detach_from_network");
    const test::Reply all = cloud_.get("/v1/actions");
    EXPECT_EQ(all.status, 410);
    EXPECT_EQ(all.json()["error"]["code"], "deprecated_api_endpoint");
}

TEST_F(Api, AListOfActionsIsFilteredByStatus) {
    ASSERT_EQ(post(kDetach, R"({"network":4711})").status, 201);
    let_actions_end();
    ASSERT_EQ(post(kAttach, R"({"network":4711})").status, 201);
    auto ids = [&](const std::string& query) {
        const json answer = cloud_.get("/v1/servers/42/actions" + query).json();
        std::vector<Id> found;
        for (const json& item : answer["actions"])
            found.push_back(item["id"]);
        return found;
    };
    EXPECT_THAT(ids(""), testing::ElementsAre(1, 2));
    EXPECT_THAT(ids("?status=running"), testing::ElementsAre(2));
    EXPECT_THAT(ids("?sort=command:asc"), testing::ElementsAre(2, 1));
    EXPECT_THAT(ids("?sort=id:desc"), testing::ElementsAre(2, 1));
    EXPECT_EQ(cloud_.get("/v1/servers/9/actions").status, 404);
}

}  // namespace
}  // namespace hcloud::sim

// /_sim/…: state, merge patch, request log.
#include "tests/lab/command.h"
#include "tests/simulator/state/state_json.h"
#include "tests/simulator/test_support.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;

class Admin : public testing::Test {
  protected:
    test::Reply patch(const std::string& body) { return cloud_.call("PATCH", "/_sim/state", body); }
    json state() { return cloud_.get("/_sim/state").json(); }

    test::Cloud cloud_;
};

TEST_F(Admin, TheStateIsTheWholeOne) {
    EXPECT_EQ(state(), to_json(test::two_servers()));
}

TEST_F(Admin, APatchMergesAndAnswersWithTheNewState) {
    const json before = state();
    const test::Reply reply = patch(R"({"servers":{"42":{"public_ipv4":null,"name":"renamed"}}})");
    EXPECT_EQ(reply.status, 200);
    json expected = before;
    expected["servers"]["42"]["public_ipv4"] = nullptr;
    expected["servers"]["42"]["name"] = "renamed";
    EXPECT_EQ(reply.json(), expected);
    EXPECT_EQ(state(), expected);
    EXPECT_EQ(cloud_.get("/v1/servers/42").json()["server"]["public_net"]["ipv4"], nullptr);
}

TEST_F(Admin, APatchAddsAndRemovesResources) {
    EXPECT_EQ(patch(R"({"servers":{"44":{"location":"ash"}},"floating_ips":{"479":null}})").status,
              200);
    EXPECT_EQ(cloud_.get("/v1/servers/44").json()["server"]["location"]["network_zone"], "us-east");
    EXPECT_EQ(cloud_.get("/v1/floating_ips/479").status, 404);
}

struct Case {
    const char* name;
    const char* body;
    const char* message;
};

void PrintTo(const Case& test, std::ostream* out) {
    *out << test.name;
}

class AdminBadPatch : public Admin, public testing::WithParamInterface<Case> {};

TEST_P(AdminBadPatch, IsRefusedAndTheStateStays) {
    const json before = state();
    const test::Reply reply = patch(GetParam().body);
    EXPECT_EQ(reply.status, 422);
    EXPECT_THAT(reply.json()["error"]["message"].get<std::string>(),
                testing::StartsWith(GetParam().message));
    EXPECT_EQ(state(), before);
}

INSTANTIATE_TEST_SUITE_P(Cases, AdminBadPatch,
                         testing::Values(Case{"UnknownKey", R"({"servers":{"42":{"naem":"x"}}})",
                                              "servers.42.naem: unknown key"},
                                         Case{"StillReferenced", R"({"servers":{"42":null}})",
                                              "floating_ips.478.server: there is no server 42"},
                                         Case{"WrongType", R"({"action_duration":5})",
                                              "action_duration: must be a time"},
                                         Case{"NotAnObject", R"({"servers":[]})",
                                              "servers: must be a mapping"}),
                         [](const auto& test) { return test.param.name; });

TEST_F(Admin, APatchThatIsNoJsonIs400) {
    EXPECT_EQ(patch("{").status, 400);
    EXPECT_EQ(patch("[1]").status, 400);
}

TEST_F(Admin, TheLogTellsWhatWasAskedAndAnswered) {
    cloud_.get("/v1/servers?name=web1&page=1");
    cloud_.call("POST", "/v1/nonsense");
    cloud_.get("/hetzner/v1/metadata");
    json log = cloud_.get("/_sim/requests").json();
    std::int64_t latest = 0;
    for (json& request : log["requests"]) {
        EXPECT_GE(request["received"].get<std::int64_t>(), std::max(latest, std::int64_t{1}));
        latest = request["received"];
        request.erase("received");
    }
    EXPECT_EQ(log, json::parse(R"({"total":3,"requests":[
        {"method":"GET","path":"/v1/servers","query":"name=web1&page=1","status":200,"source":"127.0.0.1"},
        {"method":"POST","path":"/v1/nonsense","query":"","status":404,"source":"127.0.0.1"},
        {"method":"GET","path":"/hetzner/v1/metadata","query":"","status":200,"source":"127.0.0.1"}]})"));
    EXPECT_EQ(cloud_.call("DELETE", "/_sim/requests").status, 204);
    EXPECT_EQ(cloud_.get("/_sim/requests").json(), json::parse(R"({"total":0,"requests":[]})"));
}

TEST_F(Admin, AdminRequestsCostNothingAndNeedNoToken) {
    const json before = state()["rate_limit"];
    EXPECT_EQ(cloud_.call("GET", "/_sim/state", "", "").status, 200);
    EXPECT_EQ(state()["rate_limit"], before);
    EXPECT_EQ(cloud_.requests(), json::array());
    cloud_.fault({{"path", "/*"}, {"status", 500}});
    EXPECT_EQ(cloud_.get("/v1/servers").status, 500);
    EXPECT_EQ(cloud_.get("/_sim/state").status, 200);
    EXPECT_EQ(cloud_.get("/_sim/nonsense").status, 404);
}

TEST(RequestLog, RecordsWhatEndsAfterItWasCleared) {
    const lab::TempDir dir;
    RequestLog log;
    log.record_to(dir.path() + "/requests.jsonl");
    Request request;
    request.path = "/v1/servers";
    const auto ticket = log.begin(request);
    log.clear();
    log.end(ticket, 200, R"({"a": 1})");
    std::ifstream record(dir.path() + "/requests.jsonl");
    const auto line = json::parse(record);
    EXPECT_EQ(line["path"], "/v1/servers");
    EXPECT_EQ(line["body"]["a"], 1);
}

TEST_F(Admin, JsonOfAnyDepthIsRefused) {
    const std::string deep =
        R"({"subnets": )" + std::string(200'000, '[') + std::string(200'000, ']') + "}";
    EXPECT_EQ(cloud_.call("POST", "/v1/networks", deep).status, 400);
    EXPECT_EQ(cloud_.call("PATCH", "/_sim/state", deep).status, 400);
}

TEST(RequestLog, KeepsTheLastThousandButCountsAll) {
    RequestLog log;
    Request request;
    for (int i = 0; i < 1200; ++i) {
        request.path = "/" + std::to_string(i);
        log.end(log.begin(request), 200, "");
    }
    EXPECT_EQ(log.list()["total"], 1200);
    EXPECT_EQ(log.list()["requests"].size(), 1000U);
    EXPECT_EQ(log.list()["requests"][0]["path"], "/200");
}

}  // namespace
}  // namespace hcloud::sim

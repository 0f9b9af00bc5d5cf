// Every kind of fault, seen from a client; and which requests it meets.
#include "tests/lab/command.h"
#include "tests/simulator/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using namespace std::chrono_literals;
using lab::wait_until;
using nlohmann::json;
using std::chrono::steady_clock;
using test::RawClient;

const std::string kPath = "/hetzner/v1/metadata/hostname";

class Faults : public testing::Test {
  protected:
    bool in_progress() {
        const json requests = cloud_.requests();
        return !requests.empty() && requests.back()["status"].is_null();
    }
    bool ended_without_answer() {
        const json requests = cloud_.requests();
        return !requests.empty() && requests.back()["status"] == 0;
    }

    test::Cloud cloud_;
};

TEST_F(Faults, StatusWithBodyAndType) {
    cloud_.fault(
        {{"path", kPath}, {"status", 503}, {"body", "<html>"}, {"content_type", "text/html"}});
    const test::Reply reply = cloud_.get(kPath);
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.body, "<html>");
    EXPECT_EQ(reply.header("Content-Type"), "text/html");
    EXPECT_EQ(cloud_.requests()[0]["status"], 503);
}

TEST_F(Faults, BodyAloneIsAGarbageAnswer) {
    cloud_.fault({{"path", kPath}, {"body", "{{{"}});
    EXPECT_EQ(cloud_.get(kPath).status, 200);
    EXPECT_EQ(cloud_.get(kPath).body, "{{{");
}

TEST_F(Faults, SizeIsThatManyBytes) {
    cloud_.fault({{"path", kPath}, {"size", 3'000'000}});
    EXPECT_EQ(cloud_.get(kPath).body.size(), 3'000'000U);
}

TEST_F(Faults, DelayIsTheRightAnswerLate) {
    cloud_.fault({{"path", kPath}, {"delay", "200ms"}});
    const auto start = steady_clock::now();
    EXPECT_EQ(cloud_.get(kPath).body, "web1");
    EXPECT_GE(steady_clock::now() - start, 200ms);
}

TEST_F(Faults, HangNeverAnswersButNoticesThatTheClientLeft) {
    cloud_.fault({{"path", kPath}, {"hang", true}});
    {
        RawClient client(cloud_.port(), kPath);
        ASSERT_TRUE(wait_until([&] { return in_progress(); }));
        EXPECT_TRUE(client.quiet());
    }
    EXPECT_TRUE(wait_until([&] { return ended_without_answer(); }));
}

TEST_F(Faults, RemovingAHangClosesItsConnections) {
    const std::int64_t id = cloud_.fault({{"path", kPath}, {"hang", true}, {"count", 1}});
    RawClient client(cloud_.port(), kPath);
    ASSERT_TRUE(wait_until([&] { return in_progress(); }));
    EXPECT_EQ(cloud_.call("DELETE", "/_sim/faults/" + std::to_string(id)).status, 204);
    EXPECT_EQ(client.read_all(), "");
    EXPECT_EQ(cloud_.get(kPath).body, "web1");
    EXPECT_EQ(cloud_.call("DELETE", "/_sim/faults/" + std::to_string(id)).status, 404);
}

TEST_F(Faults, RemovingAllReleasesAllThatHang) {
    cloud_.fault({{"path", kPath}, {"hang", true}});
    RawClient first(cloud_.port(), kPath);
    RawClient second(cloud_.port(), kPath);
    ASSERT_TRUE(wait_until([&] { return cloud_.requests().size() == 2; }));
    EXPECT_EQ(cloud_.call("DELETE", "/_sim/faults").status, 204);
    EXPECT_EQ(first.read_all(), "");
    EXPECT_EQ(second.read_all(), "");
}

TEST_F(Faults, RemovingADelayAnswersAtOnce) {
    const std::int64_t id = cloud_.fault({{"path", kPath}, {"delay", "1h"}});
    RawClient client(cloud_.port(), kPath);
    ASSERT_TRUE(wait_until([&] { return in_progress(); }));
    cloud_.call("DELETE", "/_sim/faults/" + std::to_string(id));
    EXPECT_THAT(client.read(), testing::EndsWith("web1"));
}

TEST_F(Faults, HangingRequestsStopNoOthers) {
    cloud_.fault({{"path", kPath}, {"hang", true}});
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 40; ++i)
        clients.push_back(std::make_unique<RawClient>(cloud_.port(), kPath));
    ASSERT_TRUE(wait_until([&] { return cloud_.requests().size() == 40; }));
    EXPECT_EQ(cloud_.get("/v1/servers/42").status, 200);
}

TEST_F(Faults, StoppingEndsWhatHangsAndWhatIsIdle) {
    cloud_.fault({{"path", kPath}, {"hang", true}});
    RawClient hanging(cloud_.port(), kPath);
    RawClient idle(cloud_.port(), "/hetzner/v1/metadata/region");
    EXPECT_THAT(idle.read(), testing::HasSubstr("200 OK"));
    ASSERT_TRUE(wait_until([&] { return cloud_.requests().size() == 2; }));
    cloud_.stop();  // returns only when all connections have ended
    EXPECT_EQ(hanging.read_all(), "");
    EXPECT_EQ(idle.read_all(), "");
}

TEST_F(Faults, TruncateBreaksThePromiseOfContentLength) {
    cloud_.fault({{"path", kPath}, {"truncate", 2}});
    const std::string answer = RawClient(cloud_.port(), kPath).read_all();
    EXPECT_THAT(answer, testing::HasSubstr("Content-Length: 4\r\n"));
    EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nwe"));
}

TEST_F(Faults, TruncateBeyondTheEndIsTheWholeBody) {
    cloud_.fault({{"path", kPath}, {"truncate", 1000}});
    EXPECT_THAT(RawClient(cloud_.port(), kPath).read_all(), testing::EndsWith("\r\n\r\nweb1"));
}

TEST_F(Faults, ResetIsATcpReset) {
    cloud_.fault({{"path", kPath}, {"reset", true}});
    RawClient client(cloud_.port(), kPath);
    EXPECT_THROW(client.read_all(), test::ConnectionReset);
    EXPECT_TRUE(ended_without_answer());
}

TEST_F(Faults, TrickleIsTheRightAnswerByteByByte) {
    cloud_.fault({{"path", kPath}, {"trickle", "2ms"}});
    const auto before = lab::kernel_counter("TcpOutSegs");
    const std::string answer = RawClient(cloud_.port(), kPath).read_all();
    EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nweb1"));
    EXPECT_GE(lab::kernel_counter("TcpOutSegs") - before, static_cast<long>(answer.size()))
        << "whatever the client gets at once, each byte is sent by itself";
}

TEST_F(Faults, TrickleSendsOneByteAndThenWaits) {
    cloud_.fault({{"path", kPath}, {"trickle", "1h"}});
    RawClient client(cloud_.port(), kPath);
    EXPECT_EQ(client.read(), "H");
    EXPECT_TRUE(client.quiet());
    cloud_.call("DELETE", "/_sim/faults");
    EXPECT_THAT(client.read_all(), testing::EndsWith("web1"));
}

TEST_F(Faults, CountIsUsedUp) {
    cloud_.fault({{"path", kPath}, {"status", 500}, {"count", 2}});
    EXPECT_EQ(cloud_.get(kPath).status, 500);
    EXPECT_EQ(cloud_.get("/_sim/faults").json()["faults"][0]["left"], 1);
    EXPECT_EQ(cloud_.get(kPath).status, 500);
    EXPECT_EQ(cloud_.get(kPath).status, 200);
}

TEST_F(Faults, TheNewestThatMatchesWins) {
    cloud_.fault({{"path", "/v1/*"}, {"status", 500}});
    const std::int64_t newer = cloud_.fault({{"path", "/v1/servers"}, {"status", 502}});
    EXPECT_EQ(cloud_.get("/v1/servers").status, 502);
    EXPECT_EQ(cloud_.get("/v1/servers/42").status, 500);
    cloud_.call("DELETE", "/_sim/faults/" + std::to_string(newer));
    EXPECT_EQ(cloud_.get("/v1/servers").status, 500);
}

TEST_F(Faults, PathAndMethodMustMatch) {
    cloud_.fault({{"path", "/v1/servers"}, {"method", "POST"}, {"status", 500}});
    EXPECT_EQ(cloud_.get("/v1/servers?name=x").status, 200);
    EXPECT_EQ(cloud_.get("/v1/servers/42").status, 200);
    EXPECT_EQ(cloud_.call("POST", "/v1/servers?x=y").status, 500);
}

TEST_F(Faults, ADelayedMutationHasTakenEffectButAFailedOneHasNot) {
    const std::string unassign = "/v1/floating_ips/478/actions/unassign";
    const std::int64_t failing = cloud_.fault({{"path", unassign}, {"status", 504}});
    EXPECT_EQ(cloud_.call("POST", unassign).status, 504);
    EXPECT_EQ(cloud_.get("/v1/actions/1").status, 404);
    cloud_.call("DELETE", "/_sim/faults/" + std::to_string(failing));
    cloud_.fault({{"path", unassign}, {"truncate", 5}});
    EXPECT_THROW(cloud_.call("POST", unassign).json(), std::exception);
    EXPECT_EQ(cloud_.get("/v1/actions/1").json()["action"]["command"], "unassign_floating_ip");
}

TEST_F(Faults, APatchIsSomebodyElsesChangeBetweenReadAndWrite) {
    const std::string path = "/v1/servers/42";
    cloud_.fault({{"path", path},
                  {"method", "PUT"},
                  {"count", 1},
                  {"patch", {{"servers", {{"42", {{"labels", {{"by", "other"}}}}}}}}}});
    EXPECT_FALSE(cloud_.get(path).json()["server"]["labels"].contains("by"));
    const json renamed = cloud_.call("PUT", path, R"({"name":"new"})").json()["server"];
    EXPECT_EQ(renamed["name"], "new");
    EXPECT_EQ(renamed["labels"], (json{{"role", "web"}, {"by", "other"}}));
    EXPECT_EQ(cloud_.call("PUT", path, R"({"labels":{}})").json()["server"]["labels"],
              json::object())
        << "once";
}

TEST_F(Faults, APatchDecidesWhatTheRequestMeets) {
    const std::string unassign = "/v1/floating_ips/478/actions/unassign";
    cloud_.fault({{"path", unassign}, {"patch", {{"floating_ips", {{"478", nullptr}}}}}});
    EXPECT_EQ(cloud_.call("POST", unassign).status, 404);
    EXPECT_EQ(cloud_.requests()[0]["status"], 404);
}

TEST_F(Faults, APatchThatMakesNoLegalStateIs500AndTheRequestHasNoEffect) {
    cloud_.fault({{"path", "/v1/floating_ips/478"}, {"patch", {{"servers", {{"42", nullptr}}}}}});
    const test::Reply reply = cloud_.call("DELETE", "/v1/floating_ips/478");
    EXPECT_EQ(reply.status, 500);
    EXPECT_EQ(reply.json()["error"]["message"],
              "a fault's patch makes no legal state: floating_ips.478.server: there is no server "
              "42");
    EXPECT_EQ(cloud_.get("/_sim/state").json()["floating_ips"].size(), 2U);
}

TEST_F(Faults, SkipLetsThatManyPassFirst) {
    cloud_.fault({{"path", "*"}, {"status", 500}, {"skip", 2}, {"count", 1}});
    EXPECT_EQ(cloud_.get(kPath).status, 200);
    EXPECT_EQ(cloud_.get("/v1/servers").status, 200);
    EXPECT_EQ(cloud_.get("/_sim/faults").json()["faults"][0]["skip"], 0);
    EXPECT_EQ(cloud_.get("/v1/servers").status, 500);
    EXPECT_EQ(cloud_.get("/v1/servers").status, 200);
}

TEST_F(Faults, SkipCountsRequestsThatMeetAnotherFaultToo) {
    cloud_.fault({{"path", kPath}, {"status", 501}, {"skip", 1}});
    cloud_.fault({{"path", kPath}, {"status", 502}, {"count", 1}});
    EXPECT_EQ(cloud_.get(kPath).status, 502);
    EXPECT_EQ(cloud_.get(kPath).status, 501);
}

struct FaultCase {
    const char* name;
    const char* body;
    const char* message;
};

void PrintTo(const FaultCase& test, std::ostream* out) {
    *out << test.name;
}

class BadFault : public testing::TestWithParam<FaultCase> {};

TEST_P(BadFault, IsRefusedWithAReason) {
    FaultBook book;
    try {
        book.add(json::parse(GetParam().body));
        FAIL() << "no error";
    } catch (const ApiError& error) {
        EXPECT_EQ(error.status(), 422);
        EXPECT_THAT(error.what(), testing::HasSubstr(GetParam().message));
    }
    EXPECT_EQ(book.list(), json::array());
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadFault,
    testing::Values(
        FaultCase{"NoPath", R"({"status":500})", "key 'path' is missing"},
        FaultCase{"NoKind", R"({"path":"/"})", "needs one of status, delay, "},
        FaultCase{"TwoKinds", R"({"path":"/","hang":true,"reset":true})",
                  "'hang' and 'reset' exclude each other"},
        FaultCase{"UnknownKey", R"({"path":"/","hang":true,"cuont":1})", "cuont: unknown key"},
        FaultCase{"BadStatus", R"({"path":"/","status":99})", "status: must be 200 to 599"},
        FaultCase{"BadDelay", R"({"path":"/","delay":5})", "delay: must be a time such as"},
        FaultCase{"BadCount", R"({"path":"/","hang":true,"count":0})", "count: must be at least 1"},
        FaultCase{"BadSkip", R"({"path":"/","hang":true,"skip":-1})", "skip: must not be negative"},
        FaultCase{"BadPatch", R"({"path":"/","patch":[1]})", "patch: must be a mapping"},
        FaultCase{"BadSize", R"({"path":"/","size":-1})", "size: must be 0 to"},
        FaultCase{"HangFalse", R"({"path":"/","hang":false})", "hang: can only be true"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hcloud::sim

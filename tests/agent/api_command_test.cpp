// `hcloud-agent api` against the simulator: answers, errors, exit codes.
#include "tests/agent/server_fixture.h"

#include <signal.h>

namespace hcloud::agent {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class ApiCommand : public ServerTest {
  protected:
    lab::CommandResult api(const std::string& words) const {
        return server_.command("api " + words);
    }
};

TEST_F(ApiCommand, PrintsTheAnswer) {
    const auto result = api("GET /servers/42");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_EQ(json::parse(result.output)["server"]["name"], "web1");
    EXPECT_EQ(json::parse(api("get v1/servers/42").output)["server"]["id"], 42);
    EXPECT_EQ(json::parse(api("get /v1/servers/42").output)["server"]["id"], 42);
}

TEST_F(ApiCommand, JoinsThePages) {
    json servers = json::object();
    for (int id = 1000; id < 1120; ++id)
        servers[std::to_string(id)] = {{"name", "n" + std::to_string(id)}};
    server_.change_cloud({{"servers", servers}});
    const auto result = api("GET /servers --paginate");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_EQ(json::parse(result.output)["servers"].size(), 121U);
    EXPECT_EQ(server_.request_count("/v1/servers"), 3U) << "50 a page";
}

TEST_F(ApiCommand, SendsABodyAndWaitsForTheAction) {
    server_.change_cloud({{"action_duration", "300ms"}, {"servers", {{"43", {{"name", "web2"}}}}}});
    const auto started = api("POST /floating_ips/478/actions/assign -d '{\"server\": 43}'");
    EXPECT_EQ(started.exit_code, 0) << started.output;
    EXPECT_EQ(json::parse(started.output)["action"]["status"], "running");

    const auto ended = api("POST /floating_ips/478/actions/unassign --wait --timeout 1h");
    EXPECT_EQ(ended.exit_code, 0) << ended.output;
    EXPECT_EQ(json::parse(ended.output)["action"]["status"], "success");
    EXPECT_EQ(json::parse(api("GET /floating_ips/478").output)["floating_ip"]["server"], nullptr);
}

TEST_F(ApiCommand, TakesABodyFromAFileAndFromStandardInput) {
    server_.change_cloud({{"servers", {{"43", {{"name", "web2"}}}}}});
    const lab::TempDir dir;
    const auto file = dir.write("body", R"({"server": 43})");
    const std::string path = "POST /floating_ips/478/actions/assign --wait -d ";
    EXPECT_EQ(api(path + "@" + file).exit_code, 0);
    const auto piped = api(path + R"(- <<'END'
{"server": 42}
END)");
    EXPECT_EQ(piped.exit_code, 0) << piped.output;
}

TEST_F(ApiCommand, AFailedActionIsAFailure) {
    server_.change_cloud(
        {{"failing_actions",
          {{"unassign_floating_ip", {{"code", "unknown_error"}, {"message", "no luck"}}}}}});
    const auto result = api("POST /floating_ips/478/actions/unassign --wait");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(result.output, HasSubstr("(unassign_floating_ip) failed: unknown_error: no luck"));
}

TEST_F(ApiCommand, AnActionThatDoesNotEndIsToBeLookedAtAgain) {
    lab::CommandResult result;
    EXPECT_TRUE(lab::with_time_enough(std::chrono::milliseconds(500), [&](auto timeout) {
        server_.stop_simulator();  // the action of an attempt that was too slow goes on in it
        server_.start_simulator();
        server_.change_cloud({{"action_duration", "1h"}});
        result = api("POST /floating_ips/478/actions/unassign --wait --timeout " +
                     std::to_string(timeout.count()) + "ms");
        return result.output.find("has not ended in time") != std::string::npos;
    })) << result.output;
    EXPECT_EQ(result.exit_code, 75) << result.output;
    EXPECT_THAT(result.output, HasSubstr("(unassign_floating_ip) has not ended in time"));
}

TEST_F(ApiCommand, AnActionThatCannotBeFollowedSaysWhy) {
    server_.fault({{"path", "/v1/actions"}, {"status", 401}, {"body", "{}"}});
    const auto result = api("POST /floating_ips/478/actions/unassign --wait");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(result.output, HasSubstr("(unassign_floating_ip) cannot be followed: GET "));
}

TEST_F(ApiCommand, AnAnswerWhoseActionIsNoneIsPrintedAllTheSame) {
    server_.fault({{"path", "/v1/servers"},
                   {"status", 201},
                   {"body", R"({"action": {"id": 1}, "root_password": "secret"})"}});
    const auto result = api("POST /servers -d '{}' --wait");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(result.output, HasSubstr("cannot be waited for: action."));
    EXPECT_THAT(result.output, HasSubstr(R"("root_password": "secret")"));
}

TEST_F(ApiCommand, InterruptedItPrintsWhatItHas) {
    server_.change_cloud({{"action_duration", "1h"}});
    lab::Process::Options options;
    options.environment = {{"HCLOUD_TOKEN", "sim-token"}};
    lab::Process process({lab::program("hcloud-agent"), "--config", server_.config_path(), "api",
                          "POST", "/floating_ips/478/actions/unassign", "--wait"},
                         options);
    ASSERT_TRUE(lab::wait_until([&] { return server_.request_count("/v1/actions") > 0; }));
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 128 + SIGTERM) << process.output();
    EXPECT_THAT(process.output(), HasSubstr(R"("command": "unassign_floating_ip")"));
}

TEST_F(ApiCommand, WhatMayHaveBeenDoneIsNotToBeTriedAgainBlindly) {
    for (const json& fault : {json{{"status", 502}}, json{{"reset", true}}}) {
        json order = fault;
        order.update({{"path", "/v1/floating_ips/*"}, {"method", "POST"}});
        server_.fault(order);
        const auto result = api("POST /floating_ips/478/actions/unassign");
        EXPECT_EQ(result.exit_code, 1) << result.output;
        EXPECT_THAT(result.output, HasSubstr("whether it was done is not known"));
        server_.clear_faults();
    }
}

TEST_F(ApiCommand, AFullDiskIsAFailureAndAClosedPipeIsSilent) {
    const auto full = api("GET /servers/42 >/dev/full");
    EXPECT_EQ(full.exit_code, 1);
    EXPECT_EQ(full.output, "hcloud-agent: cannot write the output: No space left on device\n");
    const auto closed = api("GET /servers/42 | true");
    EXPECT_EQ(closed.output, "");
}

TEST_F(ApiCommand, WhatIsLeftOfTheRateLimitIsSaidWhenItIsLittle) {
    EXPECT_THAT(api("GET /servers/42").output, Not(HasSubstr("requests an hour are left")));
    server_.change_cloud({{"rate_limit", {{"limit", 100}, {"remaining", 15}}}});
    EXPECT_THAT(api("GET /servers/42").output,
                HasSubstr("14 of the project's 100 requests an hour are left"));
}

TEST_F(ApiCommand, WhatStaysLockedIsToBeTriedAgain) {
    server_.change_cloud({{"action_duration", "1h"}});
    const std::string unassign = "POST /floating_ips/478/actions/unassign";
    ASSERT_EQ(api(unassign).exit_code, 0);
    const auto result = api(unassign + " --timeout 2s");
    EXPECT_EQ(result.exit_code, 75) << result.output;
    EXPECT_THAT(result.output, HasSubstr("HTTP 423 locked"));
}

TEST_F(ApiCommand, ErrorsSayAllThatTheApiSaid) {
    const auto result = api("POST /floating_ips/478/actions/assign -d '{}'");
    EXPECT_EQ(result.exit_code, 1) << result.output;
    EXPECT_THAT(result.output, HasSubstr("/v1/floating_ips/478/actions/assign failed: HTTP 422 "
                                         "invalid_input: invalid input in field 'server'"));
    EXPECT_THAT(result.output, HasSubstr("correlation id "));
    EXPECT_THAT(result.output, HasSubstr("details: {\"fields\""));
    EXPECT_THAT(result.output, Not(HasSubstr("sim-token")));
}

struct Case {
    const char* words;
    int exit_code;
    const char* text;
};

void PrintTo(const Case& test, std::ostream* out) {
    *out << test.words;
}

class ApiExitCode : public ApiCommand, public testing::WithParamInterface<Case> {};

TEST_P(ApiExitCode, SaysWhatKindOfFailureItWas) {
    const auto result = api(GetParam().words);
    EXPECT_EQ(result.exit_code, GetParam().exit_code) << result.output;
    EXPECT_THAT(result.output, HasSubstr(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ApiExitCode,
    testing::Values(Case{"GET /servers/77", 1, "not_found"},
                    Case{"PATCH /servers", 64, "'PATCH' is no method"},
                    Case{"GET https://api.hetzner.cloud/v1/servers", 64, "give the path alone"},
                    Case{"GET '/servers?name=a b'", 64, "a blank as %20"},
                    Case{"GET '/servers?name=http://y'", 0, "\"servers\": []"},
                    Case{"GET", 64, "PATH"}, Case{"GET /servers -d '{}'", 64, "a GET has no body"},
                    Case{"POST /servers --paginate", 64, "only a GET has pages"},
                    Case{"POST /servers -d '{'", 64, "-d is not JSON"},
                    Case{"GET /servers --timeout soon", 64, "--timeout"}));

TEST_F(ApiCommand, ATokenThatMayNotIsNotPermitted) {
    server_.change_cloud({{"tokens", {{"sim-token", "read-only"}}}});
    const auto result = api("POST /floating_ips/478/actions/unassign");
    EXPECT_EQ(result.exit_code, 77) << result.output;
    EXPECT_THAT(result.output, HasSubstr("token_readonly"));
}

TEST_F(ApiCommand, WithoutATokenItSaysWhereOneBelongs) {
    const auto none = lab::try_run(lab::program("hcloud-agent") + " --config " +
                                   server_.config_path() + " api GET /servers");
    EXPECT_EQ(none.exit_code, 77) << none.output;
    EXPECT_EQ(none.output,
              "hcloud-agent: no API token: put one into /etc/hcloud-agent/token and restart the "
              "service, or set api.token_file or $HCLOUD_TOKEN\n");

    server_.write_config({{"api", {{"token_file", "/nonexistent/token"}}}});
    const auto missing = api("GET /servers");
    EXPECT_EQ(missing.exit_code, 77) << missing.output;
    EXPECT_THAT(missing.output, HasSubstr("API token in /nonexistent/token: No such file"));
}

TEST_F(ApiCommand, AVariableThatIsNotUsedIsNamed) {
    server_.change_cloud({{"tokens", {{"in-the-file", "read-write"}}}});
    const auto file = server_.directory().write("token", "in-the-file");
    server_.write_config({{"api", {{"token_file", file}}}});
    const auto result = api("GET /servers/42");
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output, HasSubstr("$HCLOUD_TOKEN is not used"));
}

TEST_F(ApiCommand, AProxyThatIsNoneIsABadConfiguration) {
    const auto result = lab::try_run(
        "HTTPS_PROXY=socks5://127.0.0.1 HCLOUD_ENDPOINT=https://api.example/v1 HCLOUD_TOKEN=t " +
        lab::program("hcloud-agent") + " --config " + server_.config_path() + " api GET /servers");
    EXPECT_EQ(result.exit_code, 78) << result.output;
    EXPECT_THAT(result.output, HasSubstr("HTTPS_PROXY"));
}

TEST_F(ApiCommand, AVariableThatIsEmptyIsNotThere) {
    const auto result =
        lab::try_run("HCLOUD_ENDPOINT= HCLOUD_TOKEN=sim-token " + lab::program("hcloud-agent") +
                     " --config " + server_.config_path() + " api GET /servers/42");
    EXPECT_EQ(result.exit_code, 0) << result.output;
}

TEST_F(ApiCommand, NobodyThereIsNotReachable) {
    server_.write_config({{"api", {{"endpoint", "http://127.0.0.1:1/v1"}}}});
    const auto result = api("GET /servers --timeout 300ms");
    EXPECT_EQ(result.exit_code, 69) << result.output;
}

TEST_F(ApiCommand, AHangingServerEndsAtTheTimeout) {
    server_.fault({{"path", "/v1/servers"}, {"trickle", "200ms"}});
    const auto result = api("GET /servers --timeout 600ms");
    EXPECT_EQ(result.exit_code, 69) << result.output;
}

}  // namespace
}  // namespace hcloud::agent

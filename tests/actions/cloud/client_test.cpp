// The API client against a server that behaves: what it sends, which connections it uses, what it
// keeps.
#include "actions/cloud/client.h"

#include "tests/lab/scripted_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::cloud {
namespace {

using lab::answer;
using lab::answer_all;
using lab::http;
using lab::ScriptedServer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

ClientOptions options_for(const ScriptedServer& server, const std::string& prefix = "/v1") {
    ClientOptions options;
    options.endpoint = server.url(prefix);
    options.connect_timeout = options.io_timeout = std::chrono::hours(1);
    options.user_agent = "hcloud-agent/1.2.3";
    return options;
}

TEST(CloudClient, SendsTokenAgentAndWhatItAccepts) {
    ScriptedServer server({answer(http(R"({"a": 1})"))});
    Client client(options_for(server, "/prefix/v1/"), Token("t0ken"));
    EXPECT_EQ(client.get("/servers/42").at("a"), 1);
    EXPECT_THAT(server.requests(),
                ElementsAre(AllOf(
                    StartsWith("GET /prefix/v1/servers/42 HTTP/1.1\r\n"),
                    HasSubstr("\r\nAuthorization: Bearer t0ken\r\n"),
                    HasSubstr("\r\nUser-Agent: hcloud-agent/1.2.3\r\n"),
                    HasSubstr("\r\nAccept: application/json\r\n"),
                    HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"))));
}

TEST(CloudClient, SendsNoAuthorizationWithoutAToken) {
    ScriptedServer server({answer(http("{}"))});
    Client client(options_for(server), Token());
    client.get("/servers");
    EXPECT_THAT(server.requests(), ElementsAre(Not(HasSubstr("Authorization"))));
}

TEST(CloudClient, KeepsOneConnectionWarm) {
    ScriptedServer server({answer_all(http("{}"))});
    Client client(options_for(server), Token("t"));
    for (int i = 0; i < 3; ++i)
        client.get("/servers?page=" + std::to_string(i));
    EXPECT_EQ(server.connections(), 1);
    EXPECT_EQ(server.requests().size(), 3U);
}

TEST(CloudClient, FollowsTheServersWishToClose) {
    ScriptedServer server({answer_all(http("{}", "200 OK", "Connection: close\r\n"))});
    Client client(options_for(server), Token("t"));
    client.get("/servers");
    client.get("/servers");
    EXPECT_EQ(server.connections(), 2);
}

TEST(CloudClient, AsksAgainWhenTheKeptConnectionWasClosed) {
    ScriptedServer server({answer(http(R"({"n": 1})")), answer(http(R"({"n": 2})"))});
    Client client(options_for(server), Token("t"));
    EXPECT_EQ(client.get("/servers").at("n"), 1);
    EXPECT_EQ(client.get("/servers").at("n"), 2);
    EXPECT_EQ(server.connections(), 2);
}

TEST(CloudClient, AsksAgainOnlyOnce) {
    ScriptedServer server({answer(http("{}")), answer("")});
    Client client(options_for(server), Token("t"));
    client.get("/servers");
    EXPECT_THROW(client.get("/servers", {.retry = false}), Error);
    EXPECT_EQ(server.connections(), 2);
}

TEST(CloudClient, ReadsAChunkedBodyAndKeepsTheConnection) {
    // 16384 is the size of the client's buffer: an answer that just fills it must not make it wait
    // for more.
    for (const std::size_t size : {20U, 16384U, 50000U}) {
        const auto body = R"({"text": ")" + std::string(size - 12, 'x') + R"("})";
        ScriptedServer server({answer_all(lab::http_chunked(body, 5000))});
        Client client(options_for(server), Token("t"));
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ(client.get("/x").at("text").get<std::string>().size(), size - 12);
        EXPECT_EQ(server.connections(), 1);
    }
}

TEST(CloudClient, KeepsTheRateLimitOfTheLatestAnswer) {
    ScriptedServer server(
        {answer(http("{}", "200 OK", "RateLimit-Limit: 3600\r\nRateLimit-Remaining: 3456\r\n")),
         answer(http("{}", "429 Too Many Requests",
                     "ratelimit-limit: 3600\r\nratelimit-remaining: 0\r\n")),
         answer(http("{}")),
         answer(http("{}", "200 OK", "ratelimit-limit: many\r\nratelimit-remaining: -1\r\n"))});
    Client client(options_for(server), Token("t"));
    EXPECT_EQ(client.rate_limit(), std::nullopt);
    client.get("/servers");
    EXPECT_EQ(client.rate_limit(), (RateLimit{3600, 3456}));
    EXPECT_THROW(client.get("/servers", {.retry = false}), Error);
    EXPECT_EQ(client.rate_limit(), (RateLimit{3600, 0}));
    for (int i = 0; i < 2; ++i) {
        client.get("/servers");
        EXPECT_EQ(client.rate_limit(), (RateLimit{3600, 0}))
            << "an answer without the headers says nothing";
    }
}

TEST(CloudClient, ResolvesLocalhost) {
    ScriptedServer server({answer(http(R"({"a": 1})"))});
    auto options = options_for(server);
    options.endpoint = "http://localhost:" + std::to_string(server.port());
    Client client(options, Token("t"));
    EXPECT_EQ(client.get("/x").at("a"), 1);
}

TEST(CloudClient, RefusesWhatIsNoPath) {
    ScriptedServer server({answer_all(http("{}"))});
    Client client(options_for(server), Token("t"));
    for (const char* path : {"", "servers", "/a b", "/a\r\nX: y", "/\xc3\xa4"}) {
        EXPECT_THROW(client.get(path), std::invalid_argument) << path;
    }
    EXPECT_EQ(server.connections(), 0);
}

class RefusedEndpoint : public testing::TestWithParam<std::string> {};

TEST_P(RefusedEndpoint, IsAnInvalidArgument) {
    ClientOptions options;
    options.endpoint = GetParam();
    EXPECT_THROW(Client(options, Token("t")), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Urls, RefusedEndpoint,
                         testing::Values("", "api.hetzner.cloud", "http://api.hetzner.cloud/v1",
                                         "http://128.0.0.1/", "http://localhost.example.com/",
                                         "http://[2001:db8::1]/", "http://127.0.0.1.example.com/",
                                         "ftp://localhost/", "https://", "https://user:secret@h/v1",
                                         "https://h/v1?x=y", "https://h/v1#x", "https://h:x/"));

class AcceptedEndpoint : public testing::TestWithParam<std::string> {};

TEST_P(AcceptedEndpoint, NeedsNoConnectionToBeAccepted) {
    ClientOptions options;
    options.endpoint = GetParam();
    EXPECT_NO_THROW(Client(options, Token("t")));
}

INSTANTIATE_TEST_SUITE_P(Urls, AcceptedEndpoint,
                         testing::Values("https://api.hetzner.cloud/v1", "https://10.0.0.1:8443",
                                         "http://localhost:8080/v1", "http://127.0.0.2/",
                                         "http://[::1]:80/"));

}  // namespace
}  // namespace hcloud::cloud

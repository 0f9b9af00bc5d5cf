// What goes over the wire for changes, and which connection it goes over.
#include "actions/cloud/client.h"
#include "tests/lab/command.h"
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
using nlohmann::json;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Peer = ScriptedServer::Peer;

const CallOptions kOnce{.retry = false};

ClientOptions connection_options(const ScriptedServer& server) {
    ClientOptions options;
    options.endpoint = server.url("/v1");
    options.connect_timeout = options.io_timeout = std::chrono::hours(1);
    return options;
}

TEST(CloudChange, SendsItsBodyWithItsLength) {
    ScriptedServer server({answer_all(http(R"({"ok": true})", "201 Created"))});
    Client client(connection_options(server), Token("t"));
    client.call({"POST", "/servers/42/actions/poweron"});
    client.call({"PUT", "/servers/42", json{{"name", "web"}}});
    client.call({"DELETE", "/servers/42"});
    EXPECT_THAT(server.requests(),
                ElementsAre(AllOf(StartsWith("POST /v1/servers/42/actions/poweron HTTP/1.1\r\n"),
                                  HasSubstr("\r\nContent-Length: 0\r\n"), EndsWith("\r\n\r\n")),
                            AllOf(StartsWith("PUT /v1/servers/42 HTTP/1.1\r\n"),
                                  HasSubstr("\r\nContent-Type: application/json\r\n"),
                                  HasSubstr("\r\nContent-Length: 14\r\n"),
                                  EndsWith("\r\n\r\n{\"name\":\"web\"}")),
                            AllOf(StartsWith("DELETE /v1/servers/42 HTTP/1.1\r\n"),
                                  Not(HasSubstr("Transfer-Encoding")))));
    EXPECT_EQ(server.connections(), 1);
}

TEST(CloudChange, SendsABodyOfAnySize) {
    ScriptedServer server({answer_all(http("{}"))});
    Client client(connection_options(server), Token("t"));
    for (const std::size_t size : {3000U, 4096U, 5000U, 3000000U}) {
        client.call({"POST", "/x", json{{"text", std::string(size, 'x')}}});
        EXPECT_EQ(server.requests().back().size() - server.requests().back().find("\r\n\r\n") - 4,
                  size + 11);
    }
    EXPECT_EQ(server.connections(), 1);
}

TEST(CloudChange, MayBeAnsweredWithNothing) {
    ScriptedServer server({answer_all("HTTP/1.1 204 No Content\r\n\r\n")});
    Client client(connection_options(server), Token("t"));
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(client.call({"DELETE", "/servers/42"}), json::object());
    EXPECT_EQ(server.connections(), 1);
}

TEST(CloudConnection, StaysWarmAfterAnErrorThatWasReadWhole) {
    for (const auto& error :
         {http(R"({"error": {"code": "not_found"}})", "404 Not Found"),
          http("", "503 Service Unavailable"),
          std::string(
              "HTTP/1.1 422 Oops\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")}) {
        ScriptedServer server({answer_all(error)});
        Client client(connection_options(server), Token("t"));
        for (int i = 0; i < 3; ++i)
            EXPECT_THROW(client.get("/servers", kOnce), Error);
        EXPECT_EQ(server.connections(), 1);
    }
}

TEST(CloudConnection, IsGivenUpAfterAnErrorThatWasNotReadWhole) {
    const std::string huge(100000, 'x');
    for (const auto& error : {http(huge, "500 Oops"),
                              std::string("HTTP/1.1 500 Oops\r\nContent-Length: 10\r\n\r\n{")}) {
        ScriptedServer server({answer(error), answer_all(http("{}"))});
        Client client(connection_options(server), Token("t"));
        EXPECT_THROW(client.get("/servers", kOnce), Error);
        EXPECT_NO_THROW(client.get("/servers", kOnce));
        EXPECT_EQ(server.connections(), 2);
    }
}

TEST(CloudConnection, SendsNothingOnOneThatIsClosed) {
    ScriptedServer server({answer(http("{}")), answer_all(http("{}"))});
    Client client(connection_options(server), Token("t"));
    client.get("/servers");
    ASSERT_TRUE(lab::wait_until([&] { return server.open() == 0; }));
    EXPECT_NO_THROW(client.call({"POST", "/x"}, kOnce))
        << "a change too: nothing of it was sent before";
    EXPECT_EQ(server.connections(), 2);
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST(CloudConnection, DoesNotRepeatAChangeThatMayHaveArrived) {
    // The server closes the kept connection at the moment of the next request.
    ScriptedServer server({[](Peer& peer) {
                               peer.read_request();
                               peer.send(http("{}"));
                               peer.read_request();
                           },
                           answer_all(http("{}"))});
    Client client(connection_options(server), Token("t"));
    client.get("/servers");
    try {
        client.call({"POST", "/x"});
        FAIL() << "was sent again";
    } catch (const Error& error) {
        EXPECT_TRUE(error.outcome_unknown());
    }
    EXPECT_EQ(server.requests().size(), 2U);
}

TEST(CloudConnection, IsReplacedWhenIdleForLong) {
    ScriptedServer server({answer_all(http("{}"))});
    auto options = connection_options(server);
    options.idle_timeout = milliseconds(0);
    Client client(options, Token("t"));
    client.get("/servers");
    client.get("/servers");
    EXPECT_EQ(server.connections(), 2);
}

TEST(CloudConnection, IsNotUsedAgainIfSomethingCameUnasked) {
    ScriptedServer server({[](Peer& peer) {
                               peer.read_request();
                               peer.send(http("{}") + http(R"({"stray": true})"));
                               peer.hang();
                           },
                           answer_all(http("{}"))});
    Client client(connection_options(server), Token("t"));
    client.get("/servers");
    EXPECT_EQ(client.get("/servers"), json::object());
    EXPECT_EQ(server.connections(), 2);
}

TEST(CloudConnection, SurvivesDeadlinesThatPassed) {
    // A deadline, unlike cancel(), is not the client's end.
    ScriptedServer server({[](Peer& peer) { peer.hang(); }, answer_all(http("{}"))});
    Client client(connection_options(server), Token("t"));
    EXPECT_THROW(client.get("/servers", {.deadline = milliseconds(100), .retry = false}), Error);
    EXPECT_NO_THROW(client.get("/servers"));
    EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace hcloud::cloud

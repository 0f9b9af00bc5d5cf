// What can go wrong with an API call: each fault is an Error of the right kind, none shows the
// token, and cancel() ends whatever is going on. What TLS adds is in tls_test.cpp, what retries do
// about it in fault_table_test.cpp.
#include "actions/cloud/client.h"
#include "tests/lab/command.h"
#include "tests/lab/scripted_server.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::cloud {
namespace {

using lab::answer;
using lab::http;
using lab::ScriptedServer;
using lab::wait_until;
using testing::HasSubstr;
using testing::Not;
using Peer = ScriptedServer::Peer;
using std::chrono::milliseconds;

constexpr const char* kToken = "jEheVytlAoFl7F8MqUQ7jAo2hOXASztX";
constexpr milliseconds kShort{200};
/// What has to end before this time-out would make the test hang if it did not.
constexpr milliseconds kLong = std::chrono::hours(1);
constexpr std::size_t kTwoMiB = 2 * 1024 * 1024;

ClientOptions options_for(const std::string& endpoint, milliseconds io_timeout = kLong) {
    ClientOptions options;
    options.endpoint = endpoint;
    options.connect_timeout = kLong;
    options.io_timeout = io_timeout;
    options.max_body = kTwoMiB / 2;
    return options;
}

/// The Error of a call that must fail.
Error error_of(Client& client, const std::string& path = "/servers/42") {
    try {
        const auto answer = client.get(path, {.deadline = kLong, .retry = false});
        ADD_FAILURE() << "was accepted: " << answer;
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), Not(HasSubstr(kToken)));
        for (const auto& text : {error.details().request, error.details().code,
                                 error.details().message, error.details().correlation_id}) {
            EXPECT_THAT(text, Not(HasSubstr(kToken)));
        }
        return error;
    }
    return Error({});
}

struct Fault {
    std::string name;
    ScriptedServer::Script script;
    ErrorKind kind;
    int status;
    std::string text;  // part of what()
    milliseconds timeout = kLong;
};

void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.name;
}

ScriptedServer::Script reset_after(std::string bytes) {
    return [bytes = std::move(bytes)](Peer& peer) {
        peer.read_request();
        peer.send(bytes);
        peer.reset();
    };
}

ScriptedServer::Script hang_after(std::string bytes) {
    return [bytes = std::move(bytes)](Peer& peer) {
        peer.read_request();
        peer.send(bytes);
        peer.hang();
    };
}

std::string api_error(const std::string& code, const std::string& message) {
    return nlohmann::json({{"error", {{"code", code}, {"message", message}, {"details", nullptr}}}})
        .dump();
}

const std::string kHeaderOnly = "HTTP/1.1 200 OK\r\nContent-Length: 345\r\n\r\n";
const std::string kChunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kHtml = "<html><h1>502 Bad Gateway</h1></html>";

class CloudFault : public testing::TestWithParam<Fault> {};

TEST_P(CloudFault, IsAnErrorOfItsKind) {
    const auto& fault = GetParam();
    ScriptedServer server({fault.script});
    Client client(options_for(server.url("/v1"), fault.timeout), Token(kToken));
    const auto error = error_of(client);
    EXPECT_EQ(error.kind(), fault.kind) << error.what();
    EXPECT_EQ(error.details().http_status, fault.status);
    EXPECT_EQ(error.details().request, "GET " + server.url("/v1/servers/42"));
    EXPECT_THAT(error.what(), HasSubstr(fault.text));
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    Transport, CloudFault,
    testing::Values(
        Fault{"ClosedAtOnce", [](Peer&) {}, ErrorKind::broken, 0, ""},
        Fault{"ClosedAfterTheRequest", answer(""), ErrorKind::broken, 0,
              "connection closed without an answer"},
        Fault{"Reset", reset_after(""), ErrorKind::broken, 0, "connection reset by peer"},
        Fault{"NoAnswer", hang_after(""), ErrorKind::timeout, 0, "no answer within 200 ms", kShort},
        Fault{"HangsInTheBody", hang_after(kHeaderOnly), ErrorKind::timeout, 0,
              "no answer within 200 ms", kShort},
        Fault{"HeaderCutOff", answer("HTTP/1.1 204 No Content\r\n"), ErrorKind::broken, 0,
              "connection closed within the header"},
        Fault{"Truncated", answer(kHeaderOnly + "{}"), ErrorKind::broken, 0,
              "truncated: 2 of 345 bytes"},
        Fault{"NoLength", answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}"),
              ErrorKind::broken, 0, "neither Content-Length nor chunks"},
        Fault{"LastChunkMissing", answer(kChunks + "2\r\n{}\r\n"), ErrorKind::broken, 0,
              "truncated: chunked body breaks off after 2 bytes"},
        Fault{"ChunkSizeIsNone", hang_after(kChunks + "2\r\n{}\r\nzz\r\n\r\n"), ErrorKind::broken,
              0, "truncated: chunked body breaks off after 2 bytes"},
        Fault{"LengthIsNone", answer("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"),
              ErrorKind::broken, 0, "not HTTP"},
        Fault{"Ssh", answer("SSH-2.0-OpenSSH_9.2p1\r\n"), ErrorKind::broken, 0, "not HTTP"},
        Fault{"TwoMiB", answer(http(std::string(kTwoMiB, ' '))), ErrorKind::too_large, 0,
              "body of 2097152 bytes, the limit is 1048576"},
        Fault{"TwoMiBInChunks", answer(lab::http_chunked(std::string(kTwoMiB, ' '), 65536)),
              ErrorKind::too_large, 0, "the limit is 1048576"}),
    [](const auto& test) { return test.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Answers, CloudFault,
    testing::Values(
        Fault{"Unauthorized",
              answer(http(api_error("unauthorized", "unable to authenticate"), "401 Unauthorized")),
              ErrorKind::not_permitted, 401, "HTTP 401 unauthorized: unable to authenticate"},
        Fault{"Forbidden", answer(http(api_error("forbidden", "no"), "403 Forbidden")),
              ErrorKind::not_permitted, 403, "HTTP 403 forbidden: no"},
        Fault{"NotFound",
              answer(http(api_error("not_found", "server not found"), "404 Not Found",
                          "X-Correlation-ID: cafe0815\r\n")),
              ErrorKind::not_found, 404,
              "HTTP 404 not_found: server not found (correlation id cafe0815)"},
        Fault{"Locked", answer(http(api_error("locked", "server is locked"), "423 Locked")),
              ErrorKind::rejected, 423, "HTTP 423 locked: server is locked"},
        Fault{"Gone", answer(http("", "410 Gone")), ErrorKind::rejected, 410, "HTTP 410: Gone"},
        Fault{"RateLimited",
              answer(http(api_error("rate_limit_exceeded",
                                    "limit of 3600 requests per hour "
                                    "reached"),
                          "429 Too Many Requests")),
              ErrorKind::rate_limited, 429, "limit of 3600 requests per hour reached"},
        Fault{"HtmlBadGateway",
              answer(http(kHtml, "502 Bad Gateway", "Content-Type: text/html\r\n")),
              ErrorKind::server_fault, 502, "HTTP 502: Bad Gateway"},
        Fault{"UntilTheEnd",
              answer("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n" +
                     api_error("unavailable", "later")),
              ErrorKind::server_fault, 503, "HTTP 503 unavailable: later"},
        Fault{"TruncatedError",
              answer("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 999\r\n\r\n{"),
              ErrorKind::server_fault, 504, "HTTP 504: Gateway Timeout"},
        Fault{"HugeError", answer(http(std::string(kTwoMiB, 'x'), "500 Internal Server Error")),
              ErrorKind::server_fault, 500, "HTTP 500: Internal Server Error"},
        Fault{"ErrorOfOtherTypes",
              answer(http(R"({"error": {"code": 7, "message": ["x"]}})", "500 Oops")),
              ErrorKind::server_fault, 500, "HTTP 500: Oops"},
        Fault{"ErrorIsText", answer(http(R"({"error": "x"})", "500 Oops")), ErrorKind::server_fault,
              500, "HTTP 500: Oops"},
        Fault{"Redirect", answer(http("", "302 Found", "Location: http://127.0.0.1:1/\r\n")),
              ErrorKind::malformed, 302, "HTTP 302: Found (redirects are not followed)"},
        Fault{"NotJson", answer(http(kHtml, "200 OK", "Content-Type: text/html\r\n")),
              ErrorKind::malformed, 200,
              "HTTP 200: expected a JSON object, got 37 bytes of text/html: <html>"},
        Fault{"AnArray", answer(http("[]")), ErrorKind::malformed, 200,
              "got 2 bytes of no type: []"},
        Fault{"NoContent", answer("HTTP/1.1 204 No Content\r\n\r\n"), ErrorKind::malformed, 204,
              "expected a JSON object, got 0 bytes"},
        Fault{"NotUtf8", answer(http("{\"a\": \"\xff\"}")), ErrorKind::malformed, 200, "\\xff"},
        Fault{"Deep", answer(http(std::string(100000, '['))), ErrorKind::malformed, 200, "[[[..."},
        Fault{"HugeNumber", answer(http("{\"a\": 1e999}")), ErrorKind::malformed, 200,
              "expected a JSON object"},
        Fault{"ControlBytes", answer(http(api_error("x", "a\n\x1b[31mb"), "400 Bad Request")),
              ErrorKind::rejected, 400, "x: a\\x0a\\x1b[31mb"},
        Fault{"EchoesTheToken",
              answer(http(api_error(kToken, std::string("Bearer ") + kToken + kToken),
                          "401 Unauthorized", std::string("X-Correlation-Id: ") + kToken + "\r\n")),
              ErrorKind::not_permitted, 401,
              "HTTP 401 [token]: Bearer [token][token] (correlation id [token])"},
        Fault{"EchoesTheTokenInTheReason", answer(http("", std::string("500 ") + kToken)),
              ErrorKind::server_fault, 500, "HTTP 500: [token]"},
        Fault{"EchoesTheTokenAtTheCut", answer(http(std::string(150, 'x') + kToken)),
              ErrorKind::malformed, 200, "xxx"},
        Fault{"EchoesTheTokenAsHttp", answer(std::string("HTTP/1.1 abc ") + kToken + "\r\n\r\n"),
              ErrorKind::broken, 0, "not HTTP"}),
    [](const auto& test) { return test.param.name; });

TEST(CloudClient, HidesTheTokenInThePathToo) {
    ScriptedServer server({answer(http("", "404 Not Found"))});
    Client client(options_for(server.url()), Token(kToken));
    const auto error = error_of(client, std::string("/x?token=") + kToken);
    EXPECT_THAT(error.what(), HasSubstr("/x?token=[token] failed"));
}

TEST(CloudClient, SaysThatNobodyListens) {
    Client client(options_for("http://127.0.0.1:" + std::to_string(lab::unused_port())),
                  Token(kToken));
    const auto error = error_of(client);
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_EQ(error.details().message, "127.0.0.1: connection refused");
}

TEST(CloudClient, SaysThatThereIsNoRoute) {
    Client client(options_for("https://192.0.2.1"),
                  Token(kToken));  // nothing but lo in here
    const auto error = error_of(client);
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_EQ(error.details().message, "192.0.2.1: network is unreachable");
}

TEST(CloudClient, SaysThatTheNameDoesNotResolve) {
    Client client(options_for("https://api.invalid/v1"), Token(kToken));
    const auto error = error_of(client);
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_THAT(error.details().message, HasSubstr("name resolution: "));
}

TEST(CloudClient, GivesUpConnecting) {
    lab::DeafListener listener;
    auto options = options_for("http://127.0.0.1:" + std::to_string(listener.port()));
    options.connect_timeout = kShort;
    Client client(options, Token(kToken));
    const auto error = error_of(client);
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_EQ(error.details().message, "127.0.0.1: no connection in time");
}

/// Calls get() and cancels it once `ready`. If that does not end it, nothing does for an hour.
void expect_cancelled(Client& client, const std::function<bool()>& ready) {
    std::thread other([&] {
        EXPECT_TRUE(wait_until(ready));
        client.cancel();
    });
    const auto error = error_of(client);
    other.join();
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_EQ(error.details().message, "cancelled");
}

TEST(CloudCancel, EndsAConnect) {
    lab::DeafListener listener;
    Client client(options_for("http://127.0.0.1:" + std::to_string(listener.port())),
                  Token(kToken));
    expect_cancelled(client, [&] { return listener.being_called(); });
}

TEST(CloudCancel, EndsATlsHandshake) {
    ScriptedServer server(
        {[](Peer& peer) { peer.read_request(); }});  // takes the hello, says nothing
    const auto endpoint = "https://127.0.0.1:" + std::to_string(server.port());
    Client client(options_for(endpoint), Token(kToken));
    expect_cancelled(client, [&] { return server.connections() > 0; });
}

TEST(CloudCancel, EndsARead) {
    ScriptedServer server({hang_after(kHeaderOnly)});
    Client client(options_for(server.url()), Token(kToken));
    expect_cancelled(client, [&] { return !server.requests().empty(); });
}

TEST(CloudCancel, IsForGood) {
    ScriptedServer server({lab::answer_all(http("{}"))});
    Client client(options_for(server.url()), Token(kToken));
    client.get("/servers");
    client.cancel();
    for (int i = 0; i < 2; ++i)
        EXPECT_EQ(error_of(client).kind(), ErrorKind::timeout);
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(CloudCancel, MayComeAtAnyMoment) {
    // For the race detector: cancel() against a client that connects, reads and closes all the
    // time.
    ScriptedServer server({answer(http("{}"))});
    for (int round = 0; round < 50; ++round) {
        Client client(options_for(server.url()), Token(kToken));
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(40 * round));
            client.cancel();
        });
        EXPECT_THROW(while (true) client.get("/servers", {.retry = false}), Error);
        other.join();
    }
}

}  // namespace
}  // namespace hcloud::cloud

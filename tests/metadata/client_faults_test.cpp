// What can go wrong between us and the metadata service. Each fault must come out as the right kind
// of error, never as a value and never as "there is none"; and cancel() must end whatever is going
// on.
#include "metadata/client.h"
#include "tests/lab/command.h"
#include "tests/lab/scripted_server.h"

#include <csignal>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::metadata {
namespace {

using lab::answer;
using lab::http;
using lab::http_chunked;
using lab::ScriptedServer;
using lab::wait_until;
using testing::HasSubstr;
using Peer = ScriptedServer::Peer;
using std::chrono::milliseconds;

constexpr milliseconds kShort{200};
/// What has to end before this time-out would make the test hang if it did not.
constexpr milliseconds kLong = std::chrono::hours(1);
constexpr std::size_t kTwoMiB = 2 * 1024 * 1024;

ClientOptions options_for(const std::string& endpoint, milliseconds io_timeout = kLong) {
    ClientOptions options;
    options.endpoint = endpoint;
    options.connect_timeout = kLong;
    options.io_timeout = io_timeout;
    return options;
}

struct Fault {
    std::string name;
    ScriptedServer::Script script;
    ErrorKind kind;
    std::string detail;
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

const std::string kHeaderOnly = "HTTP/1.1 200 OK\r\nContent-Length: 345\r\n\r\n";
const std::string kChunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// An entry's worth of list: cut off here it is still valid YAML.
const std::string kFirstEntry =
    "- {ip: 10.0.0.2, mac_address: '86:00:00:2a:7d:e0', network: 10.0.0.0/8, gateway: 10.0.0.1}\n";

class MetadataFault : public testing::TestWithParam<Fault> {};

TEST_P(MetadataFault, IsAnErrorOfItsKind) {
    const auto& fault = GetParam();
    ScriptedServer server({fault.script});
    const auto endpoint = server.url("/metadata");
    Client client(options_for(endpoint, fault.timeout));

    const auto result = client.private_networks();

    ASSERT_NE(result.error(), nullptr);
    EXPECT_EQ(result.error()->kind, fault.kind);
    EXPECT_EQ(result.error()->request, "GET " + endpoint + "/private-networks");
    EXPECT_THAT(result.error()->detail, HasSubstr(fault.detail));
    EXPECT_LE(result.error()->detail.size(), 210U);
    EXPECT_EQ(to_string(*result.error()),
              "GET " + endpoint + "/private-networks failed: " + result.error()->detail);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, MetadataFault,
    testing::Values(
        Fault{"ClosedAtOnce", [](Peer&) {}, ErrorKind::broken, ""},
        Fault{"ClosedAfterTheRequest", answer(""), ErrorKind::broken,
              "connection closed without an answer"},
        Fault{"Reset", reset_after(""), ErrorKind::broken, "connection reset by peer"},
        Fault{"ResetInTheBody", reset_after(kHeaderOnly + "hello"), ErrorKind::broken, ""},
        Fault{"NoAnswer", hang_after(""), ErrorKind::timeout, "no answer within 200 ms", kShort},
        Fault{"HangsInTheHeader", hang_after("HTTP/1.1 200 OK\r\n"), ErrorKind::timeout,
              "no answer within 200 ms", kShort},
        Fault{"HangsInTheBody", hang_after(kHeaderOnly + "hello"), ErrorKind::timeout,
              "no answer within 200 ms", kShort},
        Fault{"ServerError", answer(http("<html>", "500 Internal Server Error")), ErrorKind::status,
              "HTTP 500 Internal Server Error"},
        Fault{"Forbidden", answer(http("", "403 Forbidden")), ErrorKind::status,
              "HTTP 403 Forbidden"},
        Fault{"Redirect", answer(http("", "302 Found", "Location: http://127.0.0.1:1/\r\n")),
              ErrorKind::status, "HTTP 302 Found (redirects are not followed)"},
        Fault{"OtherSuccess", answer(http("[]", "206 Partial Content")), ErrorKind::status,
              "HTTP 206 Partial Content"},
        Fault{"ReasonWithControlBytes", answer(http("", "500 \x1b[31mred")), ErrorKind::status,
              "HTTP 500 \\x1b[31mred"},
        Fault{"HeaderCutOff", answer("HTTP/1.1 200 OK\r\nContent-Length: 1"), ErrorKind::broken,
              "connection closed within the header"},
        Fault{"NoContentCutOff", answer("HTTP/1.1 204 No Content\r\n"), ErrorKind::broken,
              "connection closed within the header"},
        Fault{"Truncated", answer(kHeaderOnly + "hello, world"), ErrorKind::broken,
              "truncated: 12 of 345 bytes"},
        Fault{"EmptyButPromised", answer(kHeaderOnly), ErrorKind::broken,
              "truncated: 0 of 345 bytes"},
        Fault{"NoLength", answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + kFirstEntry),
              ErrorKind::broken, "neither Content-Length nor chunks"},
        Fault{"ChunkCutOff", answer(kChunks + "ff\r\n" + kFirstEntry), ErrorKind::broken,
              "truncated"},
        Fault{"LastChunkMissing", answer(kChunks + "5c\r\n" + kFirstEntry + "\r\n"),
              ErrorKind::broken, "truncated: chunked body breaks off after 92 bytes"},
        Fault{"ChunkEndCutOff", answer(kChunks + "5c\r\n" + kFirstEntry + "\r\n0\r\n"),
              ErrorKind::broken, "truncated"},
        Fault{"ChunkSizeIsNone", hang_after(kChunks + "5c\r\n" + kFirstEntry + "\r\nzz\r\n\r\n"),
              ErrorKind::broken, "truncated: chunked body breaks off after 92 bytes"},
        Fault{"LengthIsNone", answer("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n[]"),
              ErrorKind::broken, "not HTTP"},
        Fault{"LengthIsNegative", answer("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n[]"),
              ErrorKind::broken, "not HTTP: negative Content-Length"},
        Fault{"Ssh", answer("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"), ErrorKind::broken, "not HTTP"},
        Fault{"OtherProtocol", answer("ICY 200 OK\r\nContent-Length: 2\r\n\r\n[]"),
              ErrorKind::broken, "not HTTP: version 'ICY'"},
        Fault{"StatusIsNone", answer("HTTP/1.1 abc OK\r\n\r\n"), ErrorKind::broken, "not HTTP"},
        Fault{"NotYaml", answer(http("- [\x01")), ErrorKind::malformed, "not YAML"},
        Fault{"WrongType", answer(http("<html>down</html>")), ErrorKind::malformed,
              "expected a list, got text '<html>down</html>'"},
        Fault{"LongText", answer(http(std::string(5000, 'x'))), ErrorKind::malformed, "xxx...'"},
        Fault{"TwoMiB", answer(http(std::string(kTwoMiB, 'x'))), ErrorKind::too_large,
              "body of 2097152 bytes, the limit is 1048576"},
        Fault{"TwoMiBInChunks", answer(http_chunked(std::string(kTwoMiB, 'x'), 65536)),
              ErrorKind::too_large, "the limit is 1048576"},
        Fault{"EndlessHeader",
              [](Peer& peer) {
                  peer.read_request();
                  peer.send("HTTP/1.1 200 OK\r\n");
                  for (int i = 0; i < 1000; ++i)
                      peer.send("X-More: 1\r\n");
                  peer.hang();
              },
              ErrorKind::broken, "not HTTP"}),
    [](const auto& test) { return test.param.name; });

TEST(MetadataClient, KeepsABrokenEntryApart) {
    ScriptedServer server({answer(http(kFirstEntry + "- {ip: 10.0.0.300}\n"))});
    Client client(options_for(server.url()));
    const auto result = client.private_networks();
    ASSERT_NE(result.value(), nullptr);
    EXPECT_EQ(result.value()->entries.size(), 1U);
    EXPECT_EQ(result.value()->broken.size(), 1U);
}

TEST(MetadataClient, RecoversOnTheNextRequest) {
    ScriptedServer server({reset_after(kHeaderOnly), answer(http("[]"))});
    Client client(options_for(server.url()));
    EXPECT_NE(client.private_networks().error(), nullptr);
    EXPECT_NE(client.private_networks().value(), nullptr);
}

struct RootCase {
    std::string name;
    std::string bytes;
    ErrorKind kind;
    std::string detail;
};

void PrintTo(const RootCase& root, std::ostream* out) {
    *out << root.name;
}

class AbsentRoot : public testing::TestWithParam<RootCase> {};

TEST_P(AbsentRoot, IsAnErrorBecauseItCannotBe) {
    ScriptedServer server({answer(GetParam().bytes)});
    Client client(options_for(server.url("/metadata")));
    const auto result = client.root();
    ASSERT_NE(result.error(), nullptr);
    EXPECT_EQ(result.error()->kind, GetParam().kind);
    EXPECT_EQ(result.error()->request, "GET " + server.url("/metadata"));
    EXPECT_THAT(result.error()->detail, HasSubstr(GetParam().detail));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, AbsentRoot,
    testing::Values(RootCase{"NotFound", http("", "404 Not Found"), ErrorKind::status,
                             "HTTP 404 Not Found, but the root document is never absent"},
                    RootCase{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", ErrorKind::status,
                             "HTTP 204 No Content, but the root document is never absent"},
                    RootCase{"Empty", http(""), ErrorKind::malformed,
                             "expected a mapping, got nothing"}),
    [](const auto& test) { return test.param.name; });

TEST(MetadataClient, SaysThatNobodyListens) {
    const auto port = std::to_string(lab::unused_port());
    Client client(options_for("http://127.0.0.1:" + port));
    const auto result = client.root();
    ASSERT_NE(result.error(), nullptr);
    EXPECT_EQ(*result.error(), (Error{ErrorKind::unreachable, "GET http://127.0.0.1:" + port,
                                      "connection refused"}));
}

TEST(MetadataClient, SaysThatThereIsNoRoute) {
    Client client;  // the real address; the test's namespace has nothing but lo
    const auto result = client.root();
    ASSERT_NE(result.error(), nullptr);
    EXPECT_EQ(result.error()->kind, ErrorKind::unreachable);
    EXPECT_EQ(result.error()->detail, "network is unreachable");
}

TEST(MetadataClient, GivesUpConnecting) {
    lab::DeafListener listener;
    auto options = options_for("http://127.0.0.1:" + std::to_string(listener.port()));
    options.connect_timeout = kShort;
    Client client(options);
    const auto result = client.root();
    ASSERT_NE(result.error(), nullptr);
    EXPECT_EQ(result.error()->kind, ErrorKind::unreachable);
    EXPECT_EQ(result.error()->detail, "no connection within 200 ms");
}

/// Calls root() and cancels it once `ready`. If that does not end it, nothing does for an hour.
void expect_cancelled(Client& client, const std::function<bool()>& ready) {
    std::thread other([&] {
        EXPECT_TRUE(wait_until(ready));
        client.cancel();
    });
    const auto result = client.root();
    other.join();
    ASSERT_NE(result.error(), nullptr);
    EXPECT_EQ(result.error()->kind, ErrorKind::timeout);
    EXPECT_EQ(result.error()->detail, "cancelled");
}

TEST(MetadataCancel, EndsAConnect) {
    lab::DeafListener listener;
    Client client(options_for("http://127.0.0.1:" + std::to_string(listener.port())));
    expect_cancelled(client, [&] { return listener.being_called(); });
}

TEST(MetadataCancel, EndsAReadOfTheHeader) {
    ScriptedServer server({hang_after("")});
    Client client(options_for(server.url()));
    expect_cancelled(client, [&] { return !server.requests().empty(); });
}

TEST(MetadataCancel, EndsABodyThatTrickles) {
    std::atomic<bool> begun = false;
    ScriptedServer server({[&](Peer& peer) {
        peer.read_request();
        peer.send(kHeaderOnly);
        begun = true;
        peer.trickle(std::string(345, '#'), std::chrono::seconds(10));  // an hour in all
    }});
    Client client(options_for(server.url()));
    expect_cancelled(client, [&] { return begun.load(); });
}

TEST(MetadataCancel, IsForGood) {
    ScriptedServer server({lab::answer_all(http("[]"))});
    Client client(options_for(server.url()));
    ASSERT_NE(client.private_networks().value(), nullptr);
    client.cancel();
    for (int i = 0; i < 2; ++i) {
        const auto result = client.private_networks();
        ASSERT_NE(result.error(), nullptr);
        EXPECT_EQ(result.error()->kind, ErrorKind::timeout);
    }
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST(MetadataCancel, MayComeAtAnyMoment) {
    // For the race detector: cancel() against a client that connects, reads and closes all the
    // time.
    ScriptedServer server({answer(http("[]"))});
    for (int round = 0; round < 50; ++round) {
        Client client(options_for(server.url()));
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(40 * round));
            client.cancel();
        });
        while (client.private_networks().error() == nullptr) {
        }
        other.join();
    }
}

TEST(MetadataClient, RaisesNoSigpipe) {
    std::signal(SIGPIPE, SIG_DFL);
    ScriptedServer server({[](Peer& peer) { peer.reset(); }});
    Client client(options_for(server.url()));
    for (int i = 0; i < 20; ++i)
        EXPECT_NE(client.root().error(), nullptr);
}

}  // namespace
}  // namespace hcloud::metadata

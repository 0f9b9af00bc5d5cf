// The client against a server that behaves: what it asks, what it makes of good and absent answers,
// and which connections it uses. The test has a network namespace of its own.
#include "metadata/client.h"

#include "tests/lab/scripted_server.h"
#include "tests/metadata/global_proxy.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::metadata {
namespace {

using lab::answer;
using lab::answer_all;
using lab::http;
using lab::ScriptedServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kPath = "/hetzner/v1/metadata";
constexpr const char* kNetworks =
    "- {ip: 10.0.0.2, mac_address: '86:00:00:2a:7d:e0', network: 10.0.0.0/8, gateway: 10.0.0.1}\n";

ClientOptions options_for(const ScriptedServer& server) {
    ClientOptions options;
    options.endpoint = server.url(kPath);
    options.connect_timeout = options.io_timeout = std::chrono::hours(1);
    return options;
}

TEST(MetadataClient, ReadsRootAndNetworksOverOneConnection) {
    ScriptedServer server({[](ScriptedServer::Peer& peer) {
        peer.read_request();
        peer.send(http("instance-id: 7\nhostname: a\n"));
        peer.read_request();
        peer.send(http(kNetworks));
        peer.hang();
    }});
    Client client(options_for(server));

    const auto root = client.root();
    ASSERT_NE(root.value(), nullptr) << to_string(*root.error());
    EXPECT_EQ(root.value()->instance_id, 7);
    const auto networks = client.private_networks();
    ASSERT_NE(networks.value(), nullptr) << to_string(*networks.error());
    EXPECT_EQ(networks.value()->entries.size(), 1U);

    EXPECT_EQ(server.connections(), 1);
    EXPECT_THAT(server.requests(),
                ElementsAre(StartsWith("GET /hetzner/v1/metadata HTTP/1.1\r\n"),
                            StartsWith("GET /hetzner/v1/metadata/private-networks HTTP/1.1\r\n")));
    EXPECT_THAT(server.requests()[0],
                HasSubstr("Host: 127.0.0.1:" + std::to_string(server.port())));
}

TEST(MetadataClient, TrimsALeaf) {
    ScriptedServer server({answer(http("web-1 \n"))});
    Client client(options_for(server));
    EXPECT_EQ(client.leaf("hostname"), Answer<std::string>("web-1"));
}

TEST(MetadataClient, EncodesALeafsName) {
    ScriptedServer server({answer_all(http("x"))});
    Client client(options_for(server));
    client.leaf("a b\r\nX: y?z#");
    EXPECT_THAT(
        server.requests(),
        ElementsAre(StartsWith("GET /hetzner/v1/metadata/a%20b%0D%0AX:%20y%3Fz%23 HTTP/1.1\r\n")));
}

TEST(MetadataClient, ReadsAChunkedBody) {
    ScriptedServer server({answer_all(lab::http_chunked(kNetworks, 10))});
    Client client(options_for(server));
    for (int i = 0; i < 2; ++i) {
        const auto networks = client.private_networks();
        ASSERT_NE(networks.value(), nullptr) << to_string(*networks.error());
        EXPECT_EQ(networks.value()->entries.size(), 1U);
    }
    EXPECT_EQ(server.connections(), 1);
}

struct AbsentCase {
    std::string name;
    std::string bytes;
    std::string how;
};

class AbsentAnswer : public testing::TestWithParam<AbsentCase> {};

TEST_P(AbsentAnswer, IsToldApartFromEmptyAndFromErrors) {
    ScriptedServer server({answer(GetParam().bytes)});
    Client client(options_for(server));
    EXPECT_EQ(client.private_networks(), Answer<PrivateNetworks>(Absent{GetParam().how}));
}

INSTANTIATE_TEST_SUITE_P(
    Forms, AbsentAnswer,
    testing::Values(AbsentCase{"NotFound", http("<html>", "404 Not Found"), "404"},
                    AbsentCase{"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", "204"},
                    AbsentCase{"Empty", http(""), "empty 200"},
                    AbsentCase{"Blank", http(" \n"), "empty 200"},
                    AbsentCase{"Null", http("null\n"), "null"}),
    [](const auto& test) { return test.param.name; });

TEST(MetadataClient, AnEmptyListIsAValue) {
    ScriptedServer server({answer(http("[]\n"))});
    Client client(options_for(server));
    EXPECT_EQ(client.private_networks(), Answer<PrivateNetworks>(PrivateNetworks{}));
}

TEST(MetadataClient, AnEmptyLeafIsAbsent) {
    ScriptedServer server({answer(http("\n"))});
    Client client(options_for(server));
    EXPECT_EQ(client.leaf("public-ipv4"), Answer<std::string>(Absent{"empty 200"}));
}

TEST(MetadataClient, AsksAgainWhenTheKeptConnectionWasClosed) {
    ScriptedServer server({answer(http("web-1")), answer(http("web-2"))});
    Client client(options_for(server));
    EXPECT_EQ(client.leaf("hostname"), Answer<std::string>("web-1"));
    EXPECT_EQ(client.leaf("hostname"), Answer<std::string>("web-2"));
    EXPECT_EQ(server.connections(), 2);
}

TEST(MetadataClient, DoesNotAskAgainOnceAnAnswerHasBegun) {
    ScriptedServer server({[](ScriptedServer::Peer& peer) {
                               peer.read_request();
                               peer.send(http("web-1"));
                               peer.read_request();
                               peer.send("HTTP/1.1 200 OK\r\nContent-Le");
                           },
                           answer(http("web-2"))});
    Client client(options_for(server));
    EXPECT_NE(client.leaf("hostname").value(), nullptr);
    const auto second = client.leaf("hostname");
    ASSERT_NE(second.error(), nullptr);
    EXPECT_EQ(second.error()->kind, ErrorKind::broken);
    EXPECT_EQ(server.connections(), 1);
}

TEST(MetadataClient, AsksNoProxy) {
    const auto nobody = "http://127.0.0.1:" + std::to_string(lab::unused_port());
    setenv("http_proxy", nobody.c_str(), 1);
    setenv("HTTP_PROXY", nobody.c_str(), 1);
    const GlobalProxy proxy(lab::unused_port());
    ScriptedServer server({answer(http("web-1"))});
    Client client(options_for(server));
    EXPECT_EQ(client.leaf("hostname"), Answer<std::string>("web-1"));
    unsetenv("http_proxy");
    unsetenv("HTTP_PROXY");
}

class RefusedEndpoint : public testing::TestWithParam<std::string> {};

TEST_P(RefusedEndpoint, IsAnInvalidArgument) {
    ClientOptions options;
    options.endpoint = GetParam();
    EXPECT_THROW(Client{options}, std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Urls, RefusedEndpoint,
                         testing::Values("", "169.254.169.254", "https://169.254.169.254/x",
                                         "http://", "http:///x", "http://user:secret@h/x",
                                         "http://h/x?y=1", "http://h/x#y", "ftp://h/",
                                         "http://h:x/"));

}  // namespace
}  // namespace hcloud::metadata

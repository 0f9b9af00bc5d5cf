// HTTPS through a proxy's tunnel: what the proxy gets to see, whom the client then trusts, and what
// it says when the proxy does not play along.
#include "actions/cloud/client.h"
#include "tests/actions/cloud/certificates.h"
#include "tests/actions/cloud/tls_server.h"
#include "tests/lab/scripted_server.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::cloud {
namespace {

using lab::http;
using lab::ScriptedServer;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Peer = ScriptedServer::Peer;

constexpr const char* kToken = "jEheVytlAoFl7F8MqUQ7jAo2hOXASztX";
constexpr const char* kEstablished = "HTTP/1.1 200 Connection established\r\n\r\n";

/// A proxy that connects whatever it is asked for to `port`.
ScriptedServer::Script tunnel_to(std::uint16_t port) {
    return [port](Peer& peer) {
        if (!peer.read_request()) return;
        peer.send(kEstablished);
        peer.relay(port);
    };
}

class CloudTunnel : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::signal(SIGPIPE, SIG_DFL);
        certificates_ = std::make_unique<Certificates>();
        certificates_->make_authority("ca");
        certificates_->make("api", "ca", "DNS:api.example");
        certificates_->make("proxy", "ca", "DNS:localhost,IP:127.0.0.1");
    }
    static void TearDownTestSuite() { certificates_.reset(); }

    static TlsServer::Options serving(const std::string& certificate, int answers = 100) {
        return {certificates_->file(certificate + ".pem"),
                certificates_->file(certificate + ".key"), http(R"({"a": 1})"), answers};
    }

    /// api.example, a name that nobody can resolve here, through that proxy.
    static ClientOptions through(const ScriptedServer& proxy, const std::string& user = "") {
        ClientOptions options;
        options.endpoint = "https://api.example:8443/v1";
        options.ca_file = certificates_->file("ca.pem");
        options.connect_timeout = options.io_timeout = std::chrono::hours(1);
        options.user_agent = "hcloud-agent/1.2.3";
        options.proxy.url = "http://" + user + "127.0.0.1:" + std::to_string(proxy.port());
        return options;
    }

    static Error error_of(const ClientOptions& options) {
        Client client(options, Token(kToken));
        try {
            client.get("/servers", {.retry = false});
            ADD_FAILURE() << "was accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::unreachable);
            EXPECT_FALSE(error.outcome_unknown());
            return error;
        }
        return Error({});
    }

  private:
    static std::unique_ptr<Certificates> certificates_;
};

std::unique_ptr<Certificates> CloudTunnel::certificates_;

TEST_F(CloudTunnel, ReachesAnApiThatTheProxyAloneKnows) {
    TlsServer api(serving("api"));
    ScriptedServer proxy({tunnel_to(api.port())});
    Client client(through(proxy), Token(kToken));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(client.get("/servers").at("a"), 1);
    EXPECT_THAT(proxy.requests(),
                ElementsAre(AllOf(StartsWith("CONNECT api.example:8443 HTTP/1.1\r\n"),
                                  HasSubstr("\r\nHost: api.example:8443\r\n"),
                                  HasSubstr("\r\nUser-Agent: hcloud-agent/1.2.3\r\n"),
                                  Not(HasSubstr("uthorization")))))
        << "the tunnel stays warm, and the token is not the proxy's business";
    EXPECT_EQ(api.requests(), 3);
}

TEST_F(CloudTunnel, OpensAnotherWhenTheApiHasClosedIt) {
    TlsServer api(serving("api", 1));
    ScriptedServer proxy({tunnel_to(api.port())});
    Client client(through(proxy), Token(kToken));
    for (int i = 0; i < 3; ++i)
        EXPECT_NO_THROW(client.get("/servers"));
    EXPECT_THAT(proxy.requests(), SizeIs(3));
}

TEST_F(CloudTunnel, NamesItsUserToTheProxyAlone) {
    TlsServer api(serving("api"));
    ScriptedServer proxy({tunnel_to(api.port())});
    Client client(through(proxy, "user:p%40ss@"), Token(kToken));
    client.get("/servers");
    EXPECT_THAT(proxy.requests(),
                Each(HasSubstr("\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n")));
}

TEST_F(CloudTunnel, TrustsTheApisCertificateNotTheProxys) {
    TlsServer impostor(serving("proxy"));
    ScriptedServer proxy({tunnel_to(impostor.port())});
    const auto error = error_of(through(proxy));
    EXPECT_THAT(error.details().message, HasSubstr("Unacceptable certificate from api.example"));
    EXPECT_EQ(error.error_class(), ErrorClass::our_fault);
    EXPECT_EQ(impostor.requests(), 0);
}

TEST_F(CloudTunnel, GoesDirectlyToAnExceptedHost) {
    TlsServer api(serving("proxy"));
    ScriptedServer proxy({tunnel_to(api.port())});
    auto options = through(proxy);
    options.endpoint = "https://127.0.0.1:" + std::to_string(api.port()) + "/v1";
    options.proxy.no_proxy = "localhost,127.0.0.0/8";
    Client client(options, Token(kToken));
    EXPECT_NO_THROW(client.get("/servers"));
    EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(CloudTunnel, IsNotForPlainHttp) {
    ScriptedServer api({lab::answer_all(http("{}"))});
    ScriptedServer proxy({tunnel_to(api.port())});
    auto options = through(proxy);
    options.endpoint = api.url("/v1");
    Client client(options, Token(kToken));
    EXPECT_NO_THROW(client.get("/servers"));
    EXPECT_EQ(proxy.connections(), 0);
}

struct Refusal {
    std::string name;
    ScriptedServer::Script script;
    std::string message;
    ErrorClass error_class;
    milliseconds timeout = std::chrono::hours(1);
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.name;
}

class RefusingProxy : public CloudTunnel, public testing::WithParamInterface<Refusal> {};

TEST_P(RefusingProxy, IsNamedAsTheCause) {
    ScriptedServer proxy({GetParam().script});
    auto options = through(proxy, "user:swordfish@");
    options.connect_timeout = GetParam().timeout;
    const auto error = error_of(options);
    EXPECT_EQ(error.details().message, GetParam().message);
    EXPECT_EQ(error.error_class(), GetParam().error_class);
    for (const auto& request : proxy.requests())
        EXPECT_THAT(request, Not(HasSubstr(kToken)));
}

ScriptedServer::Script hang_after(std::string bytes) {
    return [bytes](Peer& peer) {
        peer.read_request();
        peer.send(bytes);
        peer.hang();
    };
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, RefusingProxy,
    testing::Values(
        Refusal{"NeedsAUser", lab::answer("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
                "proxy: answered CONNECT with 407 Proxy Authentication Required",
                ErrorClass::our_fault},
        Refusal{"Forbids", lab::answer(http("no", "403 Forbidden")),
                "proxy: answered CONNECT with 403 Forbidden", ErrorClass::our_fault},
        Refusal{"EchoesThePassword", lab::answer("HTTP/1.1 403 no swordfish here\r\n\r\n"),
                "proxy: answered CONNECT with 403 no [token] here", ErrorClass::our_fault},
        Refusal{"EchoesTheHeader",
                lab::answer("HTTP/1.1 403 Basic dXNlcjpzd29yZGZpc2g= no\r\n\r\n"),
                "proxy: answered CONNECT with 403 Basic [token] no", ErrorClass::our_fault},
        Refusal{"DoesNotReachTheApi", lab::answer("HTTP/1.1 502 Bad Gateway\r\n\r\n"),
                "proxy: answered CONNECT with 502 Bad Gateway", ErrorClass::retry_now},
        Refusal{"Redirects", lab::answer("HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n"),
                "proxy: answered CONNECT with 302 Found", ErrorClass::our_fault},
        Refusal{"Closes", lab::answer(""), "proxy: connection closed without an answer",
                ErrorClass::retry_now},
        Refusal{"IsSilent", hang_after(""), "proxy: no answer within 300 ms", ErrorClass::retry_now,
                milliseconds(300)},
        Refusal{"SaysTooMuch", hang_after(std::string(kEstablished) + "\x16\x03"),
                "proxy: sends more than its answer", ErrorClass::retry_now}),
    [](const auto& test) { return test.param.name; });

TEST_F(CloudTunnel, SaysThatTheApiIsSilentInTheTunnel) {
    ScriptedServer proxy({hang_after(kEstablished)});
    auto options = through(proxy);
    EXPECT_TRUE(lab::with_time_enough(milliseconds(300), [&](milliseconds timeout) {
        options.connect_timeout = timeout;
        const auto error = error_of(options);
        const auto time = " within " + std::to_string(timeout.count()) + " ms";
        // The same time-out is the proxy's, which has to make it.
        if (error.details().message == "proxy: no answer" + time) return false;
        EXPECT_EQ(error.details().message, "TLS: no answer" + time);
        EXPECT_EQ(error.error_class(), ErrorClass::retry_now);
        for (const auto& request : proxy.requests())
            EXPECT_THAT(request, Not(HasSubstr(kToken)));
        return true;
    }));
}

TEST_F(CloudTunnel, SaysThatNobodyListensAtTheProxy) {
    ClientOptions options;
    options.endpoint = "https://api.example/v1";
    options.proxy.url = "http://127.0.0.1:" + std::to_string(lab::unused_port());
    EXPECT_EQ(error_of(options).details().message, "proxy: 127.0.0.1: connection refused");
}

TEST_F(CloudTunnel, NeedsAUsableProxy) {
    ClientOptions options;
    options.proxy.url = "socks5://user:swordfish@127.0.0.1:1080";
    try {
        const Client client(options, Token(kToken));
        FAIL() << "was accepted";
    } catch (const std::invalid_argument& error) {
        EXPECT_STREQ(error.what(),
                     "the proxy's URL (HTTPS_PROXY) is not an http:// one: no other kind is "
                     "supported");
    }
    options.endpoint = "http://localhost:1/";
    EXPECT_NO_THROW(Client(options, Token(kToken))) << "not used for it";
}

}  // namespace
}  // namespace hcloud::cloud

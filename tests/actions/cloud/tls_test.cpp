// TLS against a real server: only a certificate of a trusted authority, in date and for this very
// host, gets to see the token.
#include "actions/cloud/client.h"
#include "tests/actions/cloud/certificates.h"
#include "tests/actions/cloud/tls_server.h"
#include "tests/lab/command.h"
#include "tests/lab/scripted_server.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::cloud {
namespace {

using lab::http;
using lab::ScriptedServer;
using testing::HasSubstr;
using Peer = ScriptedServer::Peer;

class CloudTls : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::signal(SIGPIPE, SIG_DFL);  // the client must not need it ignored
        certificates_ = std::make_unique<Certificates>();
        certificates_->make_authority("ca");
        certificates_->make_authority("other-ca");
        certificates_->make("good", "ca", "DNS:localhost,IP:127.0.0.1");
        certificates_->make("wrong-host", "ca", "DNS:api.hetzner.cloud,IP:127.0.0.9");
        certificates_->make("expired", "ca", "DNS:localhost,IP:127.0.0.1", -1);
        certificates_->make("unknown-ca", "other-ca", "DNS:localhost,IP:127.0.0.1");
    }
    static void TearDownTestSuite() { certificates_.reset(); }

    static std::string file(const std::string& name) { return certificates_->file(name); }

    static TlsServer::Options serving(const std::string& certificate, std::string answer) {
        return {file(certificate + ".pem"), file(certificate + ".key"), std::move(answer)};
    }

    static ClientOptions options_for(std::uint16_t port, const std::string& host = "127.0.0.1") {
        ClientOptions options;
        options.endpoint = "https://" + host + ":" + std::to_string(port) + "/v1";
        options.ca_file = file("ca.pem");
        options.connect_timeout = options.io_timeout = std::chrono::hours(1);
        return options;
    }

    static Error error_of(const ClientOptions& options) {
        Client client(options, Token("t0ken"));
        try {
            const auto answer = client.get("/servers", {.retry = false});
            ADD_FAILURE() << "was accepted: " << answer;
        } catch (const Error& error) {
            return error;
        }
        return Error({});
    }

  private:
    static std::unique_ptr<Certificates> certificates_;
};

std::unique_ptr<Certificates> CloudTls::certificates_;

TEST_F(CloudTls, TrustsTheExtraAuthorityForAnAddressAndForAName) {
    for (const char* host : {"127.0.0.1", "localhost"}) {
        TlsServer server(serving("good", http(R"({"a": 1})")));
        Client client(options_for(server.port(), host), Token("t0ken"));
        EXPECT_EQ(client.get("/servers").at("a"), 1) << host;
    }
}

TEST_F(CloudTls, KeepsTheConnectionWarmAndRenewsIt) {
    auto options = serving("good", http("{}"));
    options.answers_a_connection = 2;
    TlsServer server(options);
    Client client(options_for(server.port()), Token("t0ken"));
    for (int i = 0; i < 4; ++i)
        EXPECT_NO_THROW(client.get("/servers")) << i;
    EXPECT_EQ(server.connections(), 2);
    EXPECT_EQ(server.requests(), 4);
}

TEST_F(CloudTls, ReadsAChunkedBody) {
    const auto body = R"({"text": ")" + std::string(100000, 'x') + R"("})";
    TlsServer server(serving("good", lab::http_chunked(body, 3000)));
    Client client(options_for(server.port()), Token("t0ken"));
    EXPECT_EQ(client.get("/x").at("text").get<std::string>().size(), 100000U);
}

TEST_F(CloudTls, NoticesTruncation) {
    TlsServer server(serving("good", "HTTP/1.1 200 OK\r\nContent-Length: 345\r\n\r\n{}"));
    EXPECT_EQ(error_of(options_for(server.port())).kind(), ErrorKind::broken);
    TlsServer chunked(
        serving("good", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"));
    EXPECT_EQ(error_of(options_for(chunked.port())).kind(), ErrorKind::broken);
}

struct Untrusted {
    std::string certificate;
    std::string host;
    std::string message;
};

TEST_F(CloudTls, SendsNothingToWhomItDoesNotTrust) {
    const std::vector<Untrusted> table = {
        {"expired", "127.0.0.1", "TLS: certificate refused: certificate has expired"},
        {"unknown-ca", "127.0.0.1",
         "TLS: certificate refused: unable to get local issuer certificate"},
        {"other-ca", "127.0.0.1", "TLS: certificate refused: self-signed certificate"},
        {"wrong-host", "127.0.0.1", "Unacceptable certificate from 127.0.0.1"},
        {"wrong-host", "localhost", "Unacceptable certificate from localhost"}};
    for (const auto& [certificate, host, message] : table) {
        SCOPED_TRACE(certificate + " " + host);
        TlsServer server(serving(certificate, http("{}")));
        const auto error = error_of(options_for(server.port(), host));
        EXPECT_EQ(error.kind(), ErrorKind::unreachable);
        EXPECT_THAT(error.details().message, HasSubstr(message));
        EXPECT_EQ(server.requests(), 0);
    }
}

TEST_F(CloudTls, NeedsTheExtraAuthorityToBeNamed) {
    TlsServer server(serving("good", http("{}")));
    auto options = options_for(server.port());
    options.ca_file.clear();
    const auto error = error_of(options);
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_THAT(error.details().message, HasSubstr("certificate refused"));
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(CloudTls, RefusesTls11) {
    auto options = serving("good", http("{}"));
    options.only_tls_1_1 = true;
    TlsServer server(options);
    const auto error = error_of(options_for(server.port()));
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_THAT(error.details().message, HasSubstr("TLS: "));
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(CloudTls, NamesAnAuthorityFileThatItCannotRead) {
    TlsServer server(serving("good", http("{}")));
    auto options = options_for(server.port());
    options.ca_file = file("none.pem");
    const auto error = error_of(options);
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_THAT(error.details().message, HasSubstr("none.pem"));
}

TEST_F(CloudTls, SaysThatTheServerSpeaksNoTls) {
    ScriptedServer server({[](Peer& peer) { peer.send("HTTP/1.1 400 Bad Request\r\n\r\n"); }});
    const auto error = error_of(options_for(server.port()));
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_THAT(error.details().message, HasSubstr("TLS: "));
}

TEST_F(CloudTls, GivesUpAHandshakeThatDoesNotGoOn) {
    // Poco's own hand-shake takes a time-out here for success, and skips the host name.
    std::atomic<bool> end = false;
    ScriptedServer server({[&](Peer&) { lab::wait_until([&] { return end.load(); }); }});
    auto options = options_for(server.port());
    options.connect_timeout = std::chrono::milliseconds(200);
    const auto error = error_of(options);
    end = true;
    EXPECT_EQ(error.kind(), ErrorKind::unreachable);
    EXPECT_EQ(error.details().message, "TLS: no answer within 200 ms");
}

TEST_F(CloudTls, WaitsForAnAnswerAsLongAsItIsTold) {
    auto held = serving("good", "HTTP/1.1 200 OK\r\n");
    held.answers_a_connection = 2;  // so that it stays open after the first line
    TlsServer server(held);
    auto options = options_for(server.port());
    options.io_timeout = std::chrono::milliseconds(200);
    const auto error = error_of(options);
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_EQ(error.details().message, "no answer within 200 ms");
}

TEST_F(CloudTls, RaisesNoSigpipeWhenCutOff) {
    auto held = serving("good", http("{}"));
    held.answers_a_connection = 100;
    TlsServer server(held);
    for (int i = 0; i < 5; ++i) {
        Client client(options_for(server.port()), Token("t0ken"));
        client.get("/servers");
        client.cancel();  // the TLS good-bye of the destructor goes into a closed socket
        EXPECT_THROW(client.get("/servers", {.retry = false}), Error);
    }
}

}  // namespace
}  // namespace hcloud::cloud

// One deadline for all of a call, and a cancel() that ends whatever it is at. Nothing else would:
// each server takes hours, and so do the other time-outs, so that a call that goes on hangs.
#include "actions/cloud/client.h"
#include "tests/actions/cloud/certificates.h"
#include "tests/actions/cloud/tls_server.h"
#include "tests/lab/command.h"
#include "tests/lab/scripted_server.h"
#include "tests/lab/silent_name_server.h"

#include <functional>
#include <optional>
#include <regex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace hcloud::cloud {
namespace {

using lab::http;
using lab::ScriptedServer;
using lab::wait_until;
using lab::with_time_enough;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::ContainsRegex;
using Peer = ScriptedServer::Peer;

/// Each step of a call, at a server that takes for ever; `begun` once the client is at it.
struct Step {
    virtual ~Step() = default;
    virtual Request request() const { return {"GET", "/x"}; }
    virtual std::string endpoint() const = 0;
    virtual std::string ca_file() const { return {}; }
    virtual bool begun() const = 0;
    /// The same of a call that is over.
    virtual bool had_begun() const { return begun(); }
};

struct NameResolution : Step {
    lab::SilentNameServer server;
    std::string endpoint() const override { return "https://api.example/v1"; }
    bool begun() const override { return server.was_asked(); }
};

struct Connecting : Step {
    lab::DeafListener listener;
    std::string endpoint() const override {
        return "http://127.0.0.1:" + std::to_string(listener.port());
    }
    bool begun() const override { return listener.being_called(); }
    bool had_begun() const override { return true; }
};

struct Served : Step {
    Served(std::string protocol, ScriptedServer::Script script)
        : scheme(std::move(protocol)), server({std::move(script)}) {}
    std::string scheme;
    ScriptedServer server;
    std::string endpoint() const override {
        return scheme + "://127.0.0.1:" + std::to_string(server.port());
    }
    bool begun() const override { return server.connections() > 0; }
};

/// The record header of a server's hello, and then a byte at a time.
struct SlowTls : Served {
    SlowTls()
        : Served("https", [](Peer& peer) {
              peer.trickle(std::string("\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03", 11) +
                               std::string(16000, 'x'),
                           milliseconds(300));
          }) {}
};

/// Each byte is in time, all of them take hours.
struct SlowBody : Served {
    SlowBody()
        : Served("http", [](Peer& peer) {
              peer.read_request();
              peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
              peer.trickle(std::string(10000, ' '), seconds(1));
          }) {}
};

struct SlowHeader : Served {
    SlowHeader()
        : Served("http", [](Peer& peer) {
              peer.read_request();
              peer.trickle("HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'x'), seconds(1));
          }) {}
};

std::string many_continues() {
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += "HTTP/1.1 100 Continue\r\n\r\n";
    return many;
}

/// So fast that nothing ever has to be waited for.
struct EndlessContinue : Served {
    EndlessContinue()
        : Served("http", [](Peer& peer) {
              peer.read_request();
              const auto many = many_continues();
              while (peer.send(many)) {
              }
          }) {}
};

struct EndlessContinueInTls : Step {
    TlsServer::Options endless() const {
        certificates.make_authority("ca");
        certificates.make("server", "ca", "IP:127.0.0.1");
        TlsServer::Options options{certificates.file("server.pem"), certificates.file("server.key"),
                                   many_continues()};
        options.without_end = true;
        return options;
    }
    Certificates certificates;
    TlsServer server{endless()};
    std::string endpoint() const override {
        return "https://127.0.0.1:" + std::to_string(server.port());
    }
    std::string ca_file() const override { return certificates.file("ca.pem"); }
    bool begun() const override { return server.requests() > 0; }
};

struct NotReading : Served {
    NotReading() : Served("http", [](Peer& peer) { peer.hang(); }) {}
    Request request() const override {  // more than any socket buffers
        return {"POST", "/x", nlohmann::json{{"text", std::string(8000000, 'x')}}};
    }
};

struct Case {
    std::string name;
    std::function<std::unique_ptr<Step>()> make;
    std::string said;  // a regular expression
};

void PrintTo(const Case& test, std::ostream* out) {
    *out << test.name;
}

class CloudDeadline : public testing::TestWithParam<Case> {
  protected:
    static ClientOptions options_for(const Step& step) {
        ClientOptions options;
        options.endpoint = step.endpoint();
        options.ca_file = step.ca_file();
        // None of them is to be what ends it.
        options.name_timeout = options.connect_timeout = options.io_timeout = hours(1);
        return options;
    }

    static Error error_of(Client& client, const Request& request, milliseconds deadline) {
        try {
            client.call(request, {.deadline = deadline});
            ADD_FAILURE() << "was accepted";
        } catch (const Error& error) {
            return error;
        }
        return Error({});
    }
};

/// What the error says that it waited; nothing if it does not say.
std::optional<milliseconds> time_in(const std::string& text) {
    std::smatch match;
    if (!std::regex_search(text, match, std::regex("within ([0-9]+) ms"))) return std::nullopt;
    return milliseconds(std::stoi(match[1]));
}

TEST_P(CloudDeadline, EndsACall) {
    const auto step = GetParam().make();
    Client client(options_for(*step), Token("t"));
    const auto request = step->request();
    std::string error;
    const bool met = with_time_enough(milliseconds(1200), [&](milliseconds deadline) {
        const auto start = steady_clock::now();
        error = error_of(client, request, deadline).what();
        EXPECT_GE(steady_clock::now() - start, deadline);
        EXPECT_LE(time_in(error).value_or(deadline), deadline);
        return step->had_begun();
    });
    EXPECT_TRUE(met) << "the call never came so far";
    EXPECT_THAT(error, ContainsRegex(GetParam().said));
}

TEST_P(CloudDeadline, NeedNotBeWaitedForAfterACancel) {
    const auto step = GetParam().make();
    Client client(options_for(*step), Token("t"));
    std::thread other([&] {
        EXPECT_TRUE(wait_until([&] { return step->begun(); }));
        client.cancel();
    });
    const auto error = error_of(client, step->request(), hours(1));
    other.join();
    EXPECT_EQ(error.kind(), ErrorKind::timeout);
    EXPECT_EQ(error.details().message, "cancelled");
}

template <typename Kind>
Case a_case(const char* name, const char* said) {
    return {name, [] { return std::make_unique<Kind>(); }, said};
}

INSTANTIATE_TEST_SUITE_P(
    Steps, CloudDeadline,
    testing::Values(a_case<NameResolution>("NameResolution", "'api.example': no answer in time"),
                    a_case<Connecting>("Connecting", "127.0.0.1: no connection in time"),
                    a_case<SlowTls>("SlowTls", "TLS: no answer within [0-9]+ ms"),
                    a_case<NotReading>("NotReading", "no complete answer in time"),
                    a_case<SlowHeader>("SlowHeader", "no complete answer in time"),
                    a_case<EndlessContinue>("EndlessContinue", "no complete answer in time"),
                    a_case<EndlessContinueInTls>("EndlessContinueInTls",
                                                 "no complete answer in time"),
                    a_case<SlowBody>("SlowBody", "no complete answer in time")),
    [](const auto& test) { return test.param.name; });

int threads() {
    return std::stoi(
        lab::run("grep Threads: /proc/" + std::to_string(getpid()) + "/status | cut -f2"));
}

TEST(CloudResolution, LeavesOneThreadBehindAtMost) {
    const lab::SilentNameServer server;
    ClientOptions options;
    options.endpoint = "https://api.example/v1";
    std::thread([] {}).join();  // a sanitizer starts a thread of its own with the first
    const int before = threads();
    {
        Client client(options, Token("t"));
        for (int i = 0; i < 5; ++i) {
            EXPECT_THROW(client.get("/x", {.deadline = milliseconds(20), .retry = false}), Error);
        }
        EXPECT_LE(threads(), before + 1);
    }
}

// The answer of a second name server comes later than any call waits if the first is silent.
TEST(CloudResolution, AnAnswerThatComesLateIsOfUseToTheNextCall) {
    const lab::TempDir directory;
    directory.write("hosts", "127.0.0.1 api.example\n");
    lab::run("mount --bind " + directory.path() + "/hosts /etc/hosts");
    ClientOptions options;
    options.endpoint = "https://api.example:1/v1";
    Client client(options, Token("t"));
    const auto said = [&](milliseconds deadline) -> std::string {
        try {
            client.get("/x", {.deadline = deadline, .retry = false});
        } catch (const Error& error) {
            return error.details().message;
        }
        return "";
    };
    std::thread([] {}).join();  // a sanitizer starts a thread of its own with the first
    const int before = threads();
    {
        const lab::SilentNameServer silent(seconds(1));
        EXPECT_EQ(said(milliseconds(50)), "name resolution: 'api.example': no answer in time");
    }
    ASSERT_TRUE(wait_until([&] { return threads() == before; }));
    const lab::SilentNameServer again;
    EXPECT_EQ(said(hours(1)), "127.0.0.1: connection refused");
    EXPECT_FALSE(again.was_asked());
    lab::run("umount /etc/hosts");
}

TEST(CloudResolution, LeavesTimeForEveryAddress) {
    const lab::TempDir directory;
    directory.write("hosts", "127.0.0.2 api.example\n127.0.0.1 api.example\n");
    lab::run("mount --bind " + directory.path() + "/hosts /etc/hosts");
    lab::DeafListener deaf;
    ClientOptions options;
    options.endpoint = "https://api.example:" + std::to_string(deaf.port());
    Client client(options, Token("t"));
    std::string said;
    EXPECT_TRUE(with_time_enough(milliseconds(400), [&](milliseconds deadline) {
        try {
            client.get("/x", {.deadline = deadline, .retry = false});
            ADD_FAILURE() << "was accepted";
        } catch (const Error& error) {
            said = error.details().message;
        }
        return !said.starts_with("name resolution");
    }));
    EXPECT_EQ(said, "127.0.0.1: no connection in time; 127.0.0.2: connection refused");
    lab::run("umount /etc/hosts");
}

}  // namespace
}  // namespace hcloud::cloud

// hcloud-simulator as a program: arguments, start, end.
#include "tests/lab/command.h"
#include "tests/lab/process.h"
#include "tests/simulator/test_support.h"

#include <csignal>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using lab::Process;
using lab::wait_until;
using testing::HasSubstr;

std::vector<std::string> with(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), HCLOUD_SIMULATOR);
    return arguments;
}

/// The port that the n-th "listening on" line names; waits for the line.
std::uint16_t port_of(Process& process, int n = 0) {
    static const std::regex kLine("listening on http://[^\n]*:([0-9]+)\n");
    std::uint16_t port = 0;
    const bool found = wait_until([&] {
        const std::string output = process.output();
        std::sregex_iterator line(output.begin(), output.end(), kLine);
        for (int i = 0; i < n && line != std::sregex_iterator(); ++i)
            ++line;
        if (line == std::sregex_iterator()) return false;
        port = static_cast<std::uint16_t>(std::stoi((*line)[1]));
        return true;
    });
    if (!found) throw std::runtime_error("not listening: " + process.output());
    return port;
}

std::string fetch(const std::string& host, std::uint16_t port, const std::string& path) {
    return test::Client(host, port).call("GET", path).body;
}

TEST(Program, ServesEveryAddressAndEndsWithZeroOnSigterm) {
    const lab::TempDir dir;
    const std::string state = dir.write("state.yaml", "servers: {7: {name: seven}}\n");
    Process process(with({"--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--state", state}));
    const std::string path = "/hetzner/v1/metadata/hostname";
    EXPECT_EQ(fetch("127.0.0.1", port_of(process), path), "seven");
    EXPECT_EQ(fetch("::1", port_of(process, 1), path), "seven");
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0);
}

TEST(Program, EndsOnSigintAlsoWhileClientsAreConnected) {
    Process process(with({"--listen", "127.0.0.1:0"}));
    test::Client client("127.0.0.1", port_of(process));
    EXPECT_THAT(client.call("GET", "/_sim/state").body, HasSubstr("web-vip"))
        << "the help's example";
    process.signal(SIGINT);
    EXPECT_EQ(process.wait(), 0);
}

TEST(Program, ActionDurationOverridesTheState) {
    Process process(with({"--listen", "127.0.0.1:0", "--action-duration", "7s"}));
    EXPECT_THAT(fetch("127.0.0.1", port_of(process), "/_sim/state"),
                HasSubstr(R"("action_duration":"7s")"));
}

TEST(Program, APortInUseIsAnErrorWithItsName) {
    Process first(with({"--listen", "127.0.0.1:0"}));
    const std::string port = std::to_string(port_of(first));
    Process second(with({"--listen", "127.0.0.1:" + port}));
    EXPECT_EQ(second.wait(), 1);
    EXPECT_EQ(second.output(), "hcloud-simulator: cannot listen on 127.0.0.1 port " + port +
                                   ": Address already in use\n");
}

TEST(Program, ABadStateFileIsAnErrorWithFileLineAndKey) {
    const lab::TempDir dir;
    const std::string state = dir.write("state.yaml", "servers:\n  42: {locaton: fsn1}\n");
    Process process(with({"--listen", "127.0.0.1:0", "--state", state}));
    EXPECT_EQ(process.wait(), 78);
    EXPECT_THAT(process.output(),
                HasSubstr("hcloud-simulator: " + state + ":2: servers.42.locaton: unknown key"));
    Process missing(with({"--state", dir.path() + "/none.yaml"}));
    EXPECT_EQ(missing.wait(), 78);
    EXPECT_THAT(missing.output(), HasSubstr("none.yaml: No such file"));
}

TEST(Program, BadArgumentsEndWith64) {
    for (const auto& arguments : std::vector<std::vector<std::string>>{{"--listen", "localhost:80"},
                                                                       {"--listen", "127.0.0.1"},
                                                                       {"--action-duration", "5"},
                                                                       {"--x"}}) {
        Process process(with(arguments));
        EXPECT_EQ(process.wait(), 64) << arguments[0];
        EXPECT_THAT(process.output(), HasSubstr(arguments[0]));
    }
}

TEST(Program, HelpExplainsItself) {
    Process process(with({"--help"}));
    EXPECT_EQ(process.wait(), 0);
    for (const char* part : {"--listen", "HCLOUD_ENDPOINT=http://127.0.0.1:8080/v1",
                             "servers:", "/_sim/faults", "for tests only"}) {
        EXPECT_THAT(process.output(), HasSubstr(part));
    }
}

TEST(Endpoints, AreAddressesWithPorts) {
    EXPECT_EQ(parse_endpoint("127.0.0.1:8080")->port, 8080);
    EXPECT_EQ(parse_endpoint("[::1]:0")->address, "::1");
    for (const char* bad : {"", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000",
                            "::1:80", "[127.0.0.1]:80", "localhost:80", "[]:80"}) {
        EXPECT_FALSE(parse_endpoint(bad)) << bad;
    }
}

TEST(KeptAliveConnection, AnswersWithoutStalls) {
    Process process(with({"--listen", "127.0.0.1:0"}));
    test::Client client("127.0.0.1", port_of(process));
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 200; ++i) {
        ASSERT_EQ(client.call("GET", "/hetzner/v1/metadata").header("Connection"), "Keep-Alive");
    }
    // One delayed acknowledgement a request would make 8 s; this takes some 50 ms on an idle
    // computer.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

}  // namespace
}  // namespace hcloud::sim

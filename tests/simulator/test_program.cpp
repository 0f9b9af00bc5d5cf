// hcloud-simulator as a program: arguments, start, end.
#include "tests/lab/command.h"
#include "tests/lab/places.h"
#include "tests/lab/process.h"
#include "tests/simulator/test_support.h"

#include <csignal>
#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using lab::Process;
using lab::wait_until;
using testing::HasSubstr;

std::vector<std::string> with(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), lab::program("hcloud-simulator"));
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

TEST(Program, ServesTlsBesideItsPlainAddress) {
    const lab::TempDir dir;
    const std::string certificate = dir.path() + "/sim.pem";
    const std::string key = dir.path() + "/sim.key";
    lab::run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        "-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout " +
        key + " -out " + certificate + " 2>&1");
    Process process(with({"--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0",
                          "--tls-certificate", certificate, "--tls-key", key}));
    static const std::regex kLine("listening on (https://[^\n]*)\n");
    std::smatch line;
    std::string output;
    ASSERT_TRUE(wait_until([&] {
        output = process.output();
        return std::regex_search(output, line, kLine);
    })) << output;
    const std::string reply =
        lab::run("curl -sS -i --cacert " + certificate + " -H 'Authorization: Bearer sim-token' " +
                 line[1].str() + "/v1/servers?per_page=1");
    EXPECT_THAT(reply, HasSubstr("HTTP/1.1 200 OK"));
    EXPECT_THAT(reply, HasSubstr("<" + line[1].str() + "/v1/servers?page=2&per_page=1>"));
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0);
}

TEST(Program, TlsNeedsCertificateAndKey) {
    Process process(with({"--listen-tls", "127.0.0.1:0"}));
    EXPECT_EQ(process.wait(), 64);
    EXPECT_THAT(process.output(), HasSubstr("--tls-certificate"));
}

TEST(Program, RecordsRequestsWithoutTheirTokens) {
    const lab::TempDir dir;
    const std::string file = dir.path() + "/requests.jsonl";
    Process process(with({"--listen", "127.0.0.1:0", "--record", file}));
    test::Client client("127.0.0.1", port_of(process));
    client.call("POST", "/v1/floating_ips/479/actions/assign", R"({"server":43})", "sim-token");
    client.call("GET", "/v1/servers?name=web1", "", "wrong-token");
    client.call("GET", "/_sim/state");
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0);
    std::ifstream record(file);
    std::vector<nlohmann::json> lines;
    std::string all;
    for (std::string line; std::getline(record, line); all += line)
        lines.push_back(nlohmann::json::parse(line));
    ASSERT_EQ(lines.size(), 2U) << all;
    EXPECT_EQ(lines[0]["path"], "/v1/floating_ips/479/actions/assign");
    EXPECT_EQ(lines[0]["body"]["server"], 43);
    EXPECT_EQ(lines[0]["status"], 201);
    EXPECT_EQ(lines[1]["query"], "name=web1");
    EXPECT_EQ(lines[1]["status"], 401);
    EXPECT_THAT(all, testing::Not(HasSubstr("-token")));
}

TEST(Program, ARecordThatCannotBeWrittenIsAnError) {
    Process process(with({"--listen", "127.0.0.1:0", "--record", "/nonexistent/record"}));
    EXPECT_EQ(process.wait(), 1);
    EXPECT_EQ(process.output(),
              "hcloud-simulator: /nonexistent/record: No such file or directory\n");
}

TEST(Program, ProfileOverridesTheState) {
    Process process(with({"--listen", "127.0.0.1:0", "--profile", "2025-06"}));
    EXPECT_THAT(fetch("127.0.0.1", port_of(process), "/_sim/state"),
                HasSubstr(R"("profile":"2025-06")"));
}

const char* const kBalancer =
    "servers: {42: {public_ipv4: 127.0.0.42}}\n"
    "load_balancers: {1: {ipv4: 192.0.2.9, services: [{listen_port: 8000, destination_port: 80}],\n"
    "                     targets: [{server: 42}]}}\n";

TEST(Program, ForwardsForItsLoadBalancers) {
    const lab::TempDir dir;
    Process process(with({"--listen", "127.0.0.1:0", "--forward-listen", "127.0.0.1", "--state",
                          dir.write("state.yaml", kBalancer)}));
    ASSERT_TRUE(wait_until([&] {
        return process.output().find("\nforwarding 127.0.0.1:8000 of load balancer 1\n") !=
               std::string::npos;
    })) << process.output();
    const std::uint16_t port = port_of(process);
    const auto services = nlohmann::json::parse(fetch("127.0.0.1", port, "/_sim/forwarding"));
    EXPECT_EQ(services["services"][0]["targets"][0]["address"], "127.0.0.42");
    EXPECT_EQ(services["services"][0]["listen_port"], 8000);
    process.signal(SIGTERM);
    EXPECT_EQ(process.wait(), 0);
}

TEST(Program, SaysWhereItCannotForwardAndTriesAgain) {
    const lab::TempDir dir;
    Process process(with(
        {"--listen", "127.0.0.1:0", "--forward", "--state", dir.write("state.yaml", kBalancer)}));
    const std::string line =
        "hcloud-simulator: cannot forward 192.0.2.9:8000 of load balancer 1, trying again: "
        "Cannot assign requested address\n";
    ASSERT_TRUE(wait_until([&] { return process.output().find(line) != std::string::npos; }))
        << process.output();
    lab::run("ip address add 192.0.2.9/32 dev lo");
    EXPECT_TRUE(wait_until([&] {
        return process.output().find("forwarding 192.0.2.9:8000 of load balancer 1\n") !=
               std::string::npos;
    }));
}

TEST(Program, ForwardsNothingUnlessAskedTo) {
    Process process(with({"--listen", "127.0.0.1:0"}));
    EXPECT_THAT(fetch("127.0.0.1", port_of(process), "/_sim/forwarding"), HasSubstr("--forward"));
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
                                                                       {"--forward-listen", "lo"},
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
    const auto before = lab::kernel_counter("TcpExtDelayedACKs");
    constexpr int kRequests = 200;
    for (int i = 0; i < kRequests; ++i) {
        ASSERT_EQ(client.call("GET", "/hetzner/v1/metadata").header("Connection"), "Keep-Alive");
    }
    // An answer that stalls does so until a delayed acknowledgement comes. Without stalls there is
    // one only where the client is held up before its next request.
    EXPECT_LT(lab::kernel_counter("TcpExtDelayedACKs") - before, kRequests / 2);
}

}  // namespace
}  // namespace hcloud::sim

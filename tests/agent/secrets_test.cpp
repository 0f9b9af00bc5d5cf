// The API token and a proxy's password: nowhere in what the agent writes, says or leaves behind.
#include "tests/agent/server_fixture.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

namespace hcloud::agent {
namespace {

using lab::Process;
using lab::wait_until;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kToken = "LRK9DAWQ1ZAEFSrCNEEzLCUwhYX1U3g7wMg4dTlkkDC96fyDuyJ39nVbVjCKSDfj";
constexpr const char* kPassword = "sw0rdfish-sw0rdfish";

const std::vector<std::string> kAskingCommands{"plan", "plan -o json", "api GET /servers/42",
                                               "api GET /nonsense"};

class Secrets : public ServerTest {
  protected:
    void SetUp() override {
        server_.directory().write("token", std::string(kToken) + "\n");
        server_.write_config({{"api", {{"token_file", server_.directory().path() + "/token"}}}});
        server_.change_cloud({{"tokens", {{kToken, "read-write"}}}});
    }

    static void expect_none(const std::string& text, const std::string& where) {
        EXPECT_THAT(text, Not(HasSubstr(kToken))) << where;
        EXPECT_THAT(text, Not(HasSubstr(std::string(kToken).substr(0, 12)))) << where;
        EXPECT_THAT(text, Not(HasSubstr(kPassword))) << where;
        EXPECT_THAT(text, Not(HasSubstr("Bearer"))) << where;
    }

    void expect_none_anywhere(const std::vector<std::string>& more_commands = {}) {
        expect_none(server_.log(), "log");
        for (const auto& entry : std::filesystem::directory_iterator(server_.runtime_dir())) {
            if (entry.is_regular_file()) expect_none(lab::read_file(entry.path()), entry.path());
        }
        std::vector<std::string> commands{"status",        "status -o json", "config show",
                                          "config schema", "metadata",       "--help"};
        commands.insert(commands.end(), more_commands.begin(), more_commands.end());
        for (const auto& words : commands)
            expect_none(server_.command(words).output, words);
        expect_none(lab::read_file("/proc/" + std::to_string(server_.agent().pid()) + "/cmdline"),
                    "cmdline");
    }
};

TEST_F(Secrets, AreNotShownWhileAllIsWell) {
    start();
    expect_none_anywhere(kAskingCommands);
}

TEST_F(Secrets, AreNotShownWhenTheTokenIsRefused) {
    start();
    server_.change_cloud({{"tokens", {{kToken, nullptr}, {"other", "read-write"}}}});
    ASSERT_TRUE(
        wait_until([&] { return server_.log().find("unauthorized") != std::string::npos; }));
    expect_none_anywhere(kAskingCommands);
}

TEST_F(Secrets, AreNotShownWhateverGoesWrong) {
    start();
    for (const nlohmann::json& what :
         {nlohmann::json{{"status", 500}}, nlohmann::json{{"reset", true}},
          nlohmann::json{{"truncate", 20}}, nlohmann::json{{"body", "<html>"}}}) {
        server_.clear_faults();
        auto fault = what;
        fault["path"] = "/v1/*";
        server_.fault(fault);
        const auto before = server_.request_count("/v1/servers/42");
        ASSERT_TRUE(
            wait_until([&] { return server_.request_count("/v1/servers/42") >= before + 2; }));
    }
    expect_none_anywhere();
}

TEST_F(Secrets, AreNotShownWhenTheirProxyIsUnusable) {
    server_.write_config({{"api", {{"endpoint", "https://127.0.0.1:9/v1"}}}});
    const std::string user = std::string("user:") + kPassword + "@";
    for (const auto& proxy :
         {"http://" + user + "127.0.0.1:9", "socks5://" + user + "127.0.0.1:9"}) {
        server_.launch_agent({{"HTTPS_PROXY", proxy}});
        started_ = true;
        ASSERT_TRUE(wait_until([&] { return server_.log().find("proxy") != std::string::npos; }))
            << server_.log();
        expect_none_anywhere();
    }
}

/// Core files land in the directory of the process that dies.
class CoreDumps : public Secrets {
  protected:
    void SetUp() override {
        Secrets::SetUp();
        std::filesystem::create_directory(cores_);
        std::filesystem::current_path(cores_);
        rlimit limit{};
        getrlimit(RLIMIT_CORE, &limit);
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_CORE, &limit);
    }
    void TearDown() override {
        std::filesystem::current_path("/");
        Secrets::TearDown();
    }

    std::string all_cores() const {
        std::string all;
        for (const auto& entry : std::filesystem::directory_iterator(cores_))
            all += lab::read_file(entry.path());
        return all;
    }

    /// Whether a process like any other leaves a core with its secrets here.
    bool are_left_by_others() {
        Process::Options options;
        options.environment = {{"SECRET", kToken}};
        Process other({"sleep", "1000"}, options);
        const auto command = "/proc/" + std::to_string(other.pid()) + "/comm";
        wait_until([&] { return lab::read_file(command) == "sleep\n"; });
        other.signal(SIGABRT);
        other.wait();
        const bool left = all_cores().find(kToken) != std::string::npos;
        std::filesystem::remove_all(cores_);
        std::filesystem::create_directory(cores_);
        std::filesystem::current_path(cores_);
        return left;
    }

    const std::string cores_ = server_.directory().path() + "/cores";
};

TEST_F(CoreDumps, OfTheAgentDoNotExistWhateverTheLimit) {
    if (!are_left_by_others()) {
        GTEST_SKIP() << "no process leaves a core file in its directory here: core_pattern is "
                     << lab::read_file("/proc/sys/kernel/core_pattern");
    }
    start();
    ASSERT_TRUE(wait_until([&] { return server_.request_count("/v1/servers/42") > 0; }));
    // A core_pattern that is a program is not bound by the limit: it must not be what keeps it.
    const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
    ASSERT_EQ(prlimit(server_.agent().pid(), RLIMIT_CORE, &unlimited, nullptr), 0);
    EXPECT_EQ(server_.stop_agent(SIGABRT), 128 + SIGABRT);
    EXPECT_TRUE(std::filesystem::is_empty(cores_));
}

TEST_F(CoreDumps, AreLimitedToNothing) {
    start();
    const auto limits =
        lab::read_file("/proc/" + std::to_string(server_.agent().pid()) + "/limits");
    EXPECT_THAT(limits, testing::ContainsRegex("Max core file size +0 "));
}

}  // namespace
}  // namespace hcloud::agent

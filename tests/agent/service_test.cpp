// What a service owes its manager: READY when it is true, a fed watchdog, a prompt end, also while
// metadata and API accept connections and never answer.
#include "tests/agent/server_fixture.h"
#include "tests/lab/silent_name_server.h"

#include <array>

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hcloud::agent {
namespace {

using lab::Server;
using lab::wait_until;

/// The service manager's end of sd_notify.
class NotifySocket {
  public:
    explicit NotifySocket(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            throw std::runtime_error("cannot bind " + path);
        }
    }
    ~NotifySocket() { close(fd_); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// How many messages said `text` so far.
    int count(const std::string& text) {
        std::array<char, 4096> buffer{};
        for (ssize_t size; (size = recv(fd_, buffer.data(), buffer.size(), 0)) > 0;) {
            messages_.emplace_back(buffer.data(), static_cast<std::size_t>(size));
        }
        int result = 0;
        for (const auto& message : messages_)
            result += message.find(text) != std::string::npos ? 1 : 0;
        return result;
    }
    const std::vector<std::string>& messages() const { return messages_; }

  private:
    int fd_;
    std::vector<std::string> messages_;
};

class Service : public ServerTest {
  protected:
    void launch() {
        server_.launch_agent({{"NOTIFY_SOCKET", path_}, {"WATCHDOG_USEC", "400000"}});
        started_ = true;
    }
    void hang_everything() {
        server_.fault({{"path", "/hetzner/*"}, {"hang", true}});
        server_.fault({{"path", "/v1/*"}, {"hang", true}});
    }
    // A byte a second: no answer ends within a minute, and none is late.
    void slow_everything_down() {
        server_.fault({{"path", "/hetzner/*"}, {"trickle", "1s"}});
        server_.fault({{"path", "/v1/*"}, {"trickle", "1s"}});
    }
    // What it has asked for would take for ever (metadata, whose deadline is the loop's), half a
    // minute (the API) or a quarter (a name): an end that waited for it would be no sooner.
    void expect_prompt_end() {
        constexpr std::chrono::seconds kQuestionsLast{10};
        const auto before = std::chrono::steady_clock::now();
        EXPECT_EQ(server_.stop_agent(SIGTERM), 0);
        EXPECT_LT(std::chrono::steady_clock::now() - before, kQuestionsLast);
        EXPECT_EQ(manager_.count("STOPPING=1"), 1);
    }
    /// Whether it feeds the watchdog again and again while it waits for one answer.
    bool feeds_the_watchdog_beside(const std::string& path) {
        std::size_t asked = 0;
        int fed = 0;
        return wait_until([&] {
            const auto now = manager_.count("WATCHDOG=1");
            if (const auto requests = server_.request_count(path); requests != asked) {
                asked = requests;
                fed = now;
            }
            return asked > 0 && now >= fed + 8;
        });
    }

    std::string path_ = server_.directory().path() + "/notify";
    NotifySocket manager_{path_};
};

TEST_F(Service, IsReadyOnceItHasConverged) {
    server_.fault({{"path", "/v1/servers/42"}, {"delay", "1s"}, {"count", 1}});
    launch();
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 1; })) << server_.log();
    EXPECT_TRUE(Server::complete()) << server_.log();
    EXPECT_GE(manager_.count("STATUS=converging"), 1)
        << testing::PrintToString(manager_.messages());
    EXPECT_GE(manager_.count("STATUS=converged"), 1);
    expect_prompt_end();
}

TEST_F(Service, IsReadyWithoutTheApiAndSaysSo) {
    server_.fault({{"path", "/v1/*"}, {"status", 503}});
    launch();
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 1; })) << server_.log();
    EXPECT_TRUE(Server::addresses("eth1").contains("10.0.0.3/32"));
    EXPECT_GE(manager_.count("503"), 1) << testing::PrintToString(manager_.messages());
}

TEST_F(Service, HoldsTheBootUpForSecondsAtMostWithoutMetadata) {
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    launch();
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 1; })) << server_.log();
    EXPECT_GE(server_.request_count("/hetzner/v1/metadata"), 2) << "it did not wait at all";
    EXPECT_THAT(server_.log(), testing::HasSubstr("not configured yet"));
    EXPECT_THAT(server_.log(), testing::Not(testing::HasSubstr("ready: ")));
    server_.clear_faults();
    EXPECT_TRUE(wait_until([&] { return server_.log().find("ready: ") != std::string::npos; }));
    EXPECT_EQ(manager_.count("READY=1"), 1);
}

TEST_F(Service, FeedsTheWatchdogAndEndsInTimeWhileEverythingHangs) {
    slow_everything_down();
    launch();
    ASSERT_TRUE(feeds_the_watchdog_beside("/hetzner/v1/metadata")) << server_.log();
    expect_prompt_end();
}

TEST_F(Service, EndsInTimeWhileTheApiHangs) {
    launch();
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 1; }));
    slow_everything_down();
    const auto asked = server_.request_count("/v1/servers/42");
    ASSERT_TRUE(wait_until([&] { return server_.request_count("/v1/servers/42") > asked; }));
    ASSERT_TRUE(feeds_the_watchdog_beside("/v1/servers/42")) << server_.log();
    expect_prompt_end();
}

TEST_F(Service, EndsInTimeWhileItsNameServerHangs) {
    const lab::SilentNameServer names;
    server_.write_config({{"api", {{"endpoint", "https://api.example/v1"}}}});
    launch();
    ASSERT_TRUE(wait_until([&] { return names.was_asked(); })) << server_.log();
    expect_prompt_end();
}

TEST_F(Service, PilesUpNoRequests) {
    launch();
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 1; }));
    hang_everything();
    const auto fed = manager_.count("WATCHDOG=1");
    ASSERT_TRUE(wait_until([&] { return manager_.count("WATCHDOG=1") >= fed + 10; }));
    const auto threads =
        lab::run("ls /proc/" + std::to_string(server_.agent().pid()) + "/task | wc -l");
    EXPECT_LE(std::stoi(threads), 8) << "threads pile up";
}

TEST_F(Service, RereadsItsConfigurationAndKeepsTheOldOneIfTheNewIsBad) {
    launch();
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 1; }));
    server_.directory().write("config.yaml", "network:\n  private_network: off\n");
    server_.agent().signal(SIGHUP);
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 2; }));
    EXPECT_THAT(
        server_.log(),
        testing::HasSubstr("config.yaml:2:3: network.private_network: unknown key; did you mean "
                           "'private_networks'?"));
    EXPECT_EQ(manager_.count("RELOADING=1"), 1);
    lab::run("ip addr del 10.0.0.3/32 dev eth1");
    EXPECT_TRUE(comes_back()) << "the old configuration is not in force";

    server_.write_config({{"network", {{"floating_ips", {"203.0.113.99"}}}}});
    server_.agent().signal(SIGHUP);
    EXPECT_TRUE(wait_until([] {
        const auto now = Server::addresses("eth0");
        return now.contains("203.0.113.99/32") && !now.contains("203.0.113.77/32");
    })) << server_.log();
}

TEST_F(Service, RereadsHowItsIdentityIsVerified) {
    launch();
    ASSERT_TRUE(wait_until([&] { return manager_.count("READY=1") == 1; }));
    const auto before = Server::observe();
    server_.write_config({{"identity", {{"verify", "metadata"}}}});
    server_.agent().signal(SIGHUP);
    ASSERT_TRUE(wait_until([&] {
        return server_.log().find("identity unproven") != std::string::npos;
    })) << server_.log();
    EXPECT_EQ(Server::observe(), before);
}

// A private-only server whose way to metadata may well be the default route that the agent itself
// made.
TEST_F(Service, ItsOwnDefaultRouteOutlivesARestartWithoutMetadata) {
    lab::run("ip route del default; ip route del 198.51.100.0/24");
    server_.write_config({{"network", {{"default_route", "private"}}}});
    server_.launch_agent({{"NOTIFY_SOCKET", path_}});
    const auto ours = [] { return lab::run("ip route show default"); };
    ASSERT_TRUE(wait_until([&] {
        return ours().find("via 10.0.0.1 dev eth1") != std::string::npos;
    })) << server_.log();
    server_.stop_agent(SIGTERM);
    const auto before = ours();
    hang_everything();
    server_.launch_agent({{"NOTIFY_SOCKET", path_}});
    lab::Process monitor({"ip", "monitor", "route"});
    ASSERT_TRUE(wait_until([&] {
        return server_.log().find("no answer") != std::string::npos ||
               server_.log().find("failed") != std::string::npos;
    })) << server_.log();
    EXPECT_EQ(ours(), before);
    EXPECT_EQ(monitor.output(), "");
    lab::run(
        "ip route del default; ip route add default via 172.31.1.1 dev eth0;"
        "ip route add 198.51.100.0/24 via 172.31.1.1 dev eth0");
}

}  // namespace
}  // namespace hcloud::agent

// A restart of the agent changes nothing on the host: the kernel has nothing to tell about it.
#include "tests/agent/server_fixture.h"

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::run;
using lab::wait_until;

class Restart : public ServerTest, public testing::WithParamInterface<bool> {
  protected:
    std::map<std::string, std::string> environment() const {
        if (GetParam()) return {};
        return {{"HCLOUD_AGENT_KERNEL", "5.17"}};
    }
    // Marks a place in what `ip monitor` prints, and so proves that it listens.
    void mark(const lab::Process& monitor, const std::string& address) {
        run("ip addr add " + address + " dev lo");
        ASSERT_TRUE(
            wait_until([&] { return monitor.output().find(address) != std::string::npos; }));
    }
};

TEST_P(Restart, StopKillAndStartMakeNoNetlinkEvent) {
    server_.start_agent(environment());
    started_ = true;
    ASSERT_TRUE(lab::Server::complete());
    const auto before = lab::Server::observe();
    lab::Process monitor({"ip", "-o", "monitor", "all"});
    // `ip monitor` says nothing when it is ready: ask until it answers.
    ASSERT_TRUE(wait_until([&] {
        run("ip addr add 198.18.0.1/32 dev lo; ip addr del 198.18.0.1/32 dev lo");
        return !monitor.output().empty();
    }));
    mark(monitor, "198.18.0.2/32");
    EXPECT_EQ(server_.stop_agent(SIGTERM), 0);
    server_.start_agent(environment());
    EXPECT_EQ(server_.stop_agent(SIGKILL), 128 + SIGKILL);
    server_.start_agent(environment());
    EXPECT_EQ(server_.command("plan").exit_code, 0);
    mark(monitor, "198.18.0.3/32");
    auto output = monitor.output();
    output.erase(0, output.find("198.18.0.2/32"));
    output.erase(output.find("198.18.0.3/32"));
    // The two marks' own lines are all there is: each adds an address and its local route.
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_THAT(line, testing::AnyOf(testing::HasSubstr("198.18.0."),
                                         testing::Not(testing::HasSubstr(" ")),
                                         testing::MatchesRegex(".*lo +inet *")))
            << "an event between stop and start";
    }
    run("ip addr del 198.18.0.2/32 dev lo; ip addr del 198.18.0.3/32 dev lo");
    EXPECT_EQ(lab::Server::observe(), before);
}

INSTANTIATE_TEST_SUITE_P(Kernel, Restart, testing::Bool(),
                         [](const auto& i) { return i.param ? "WithMark" : "WithoutMark"; });

}  // namespace
}  // namespace hcloud::agent

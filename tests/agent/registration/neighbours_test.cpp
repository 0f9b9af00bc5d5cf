// What others have set survives, also when they set it between a read and a write of ours.
#include "tests/agent/registration/example.h"
#include "tests/agent/registration/project.h"

#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

using nlohmann::json;

class NeighboursTest : public testing::Test {
  protected:
    Project project_{kProject};
    MemoryStore store_;
};

TEST_F(NeighboursTest, OtherServersAndTheirPlacesAreUntouched) {
    const auto firewall = project_.call("GET", "/firewalls/38")["firewall"]["applied_to"];
    const auto balancer = project_.call("GET", "/load_balancers/12")["load_balancer"]["targets"];
    const auto web2 = project_.call("GET", "/servers/43");
    const auto web3 = project_.call("GET", "/servers/44");
    Life(project_, store_).cycle(everything());
    Life(project_, store_).cycle({});
    EXPECT_EQ(project_.call("GET", "/firewalls/38")["firewall"]["applied_to"], firewall);
    EXPECT_EQ(project_.call("GET", "/load_balancers/12")["load_balancer"]["targets"], balancer);
    EXPECT_EQ(project_.call("GET", "/servers/43"), web2);
    EXPECT_EQ(project_.call("GET", "/servers/44"), web3);
}

// All requests of a boot in turn, but for those that write what was read just before: between these
// two nothing but the API itself could help, and it answers `conflict` (next test).
TEST_F(NeighboursTest, AnotherWriterBeforeAnyRequest) {
    int requests = 0;
    std::set<int> writes;
    {
        Project trial(kProject);
        MemoryStore store;
        trial.before = [&](int at, const cloud::Request& request) {
            const bool replaces =
                request.method == "PUT" || request.path.ends_with("/change_alias_ips");
            if (replaces) writes.insert(at);
        };
        Life(trial, store).cycle(everything());
        requests = trial.requests;
    }
    for (int number = 0; number < requests; ++number) {
        if (writes.contains(number)) continue;
        Project project(kProject);
        MemoryStore store;
        project.before = [&](int at, const cloud::Request&) {
            if (at != number) return;
            auto labels = project.server()["labels"];
            labels["theirs"] = "yes";
            project.call("PUT", "/servers/42", {{"labels", labels}});
        };
        Life life(project, store);
        life.cycle(everything());
        const auto report = life.cycle(everything());
        EXPECT_TRUE(all_there(report)) << number << "\n" << text_of(report);
        EXPECT_EQ(project.server()["labels"].value("theirs", ""), "yes") << number;
    }
}

TEST_F(NeighboursTest, AliasIpsOfOthersSurviveAWriteInBetween) {
    project_.call("POST", "/servers/42/actions/attach_to_network",
                  {{"network", 4711}, {"ip", "10.0.0.5"}, {"alias_ips", {"10.0.0.50"}}});
    project_.let_actions_end();
    const auto wanted = everything();
    // The read right before the write is the last that counts.
    bool written = false;
    project_.before = [&](int, const cloud::Request& request) {
        if (written || request.method != "PUT") return;
        written = true;
        project_.call("POST", "/servers/42/actions/change_alias_ips",
                      {{"network", 4711}, {"alias_ips", {"10.0.0.50", "10.0.0.51"}}});
        project_.pass(std::chrono::seconds(2));
    };
    Life life(project_, store_);
    const auto report = life.cycle(wanted);
    EXPECT_TRUE(written);
    EXPECT_TRUE(all_there(report)) << text_of(report);
    const auto aliases =
        project_.server()["private_net"][0]["alias_ips"].get<std::set<std::string>>();
    EXPECT_EQ(aliases, (std::set<std::string>{"10.0.0.50", "10.0.0.51", "10.0.0.100"}));
}

TEST_F(NeighboursTest, AConflictIsReadAndMergedAgain) {
    bool written = false;
    project_.before = [&](int, const cloud::Request& request) {
        if (written || request.method != "PUT") return;
        written = true;
        project_.call("PUT", "/servers/42", {{"labels", {{"owner", "bob"}, {"theirs", "yes"}}}});
        project_.fault({{"path", "/v1/servers/42"},
                        {"method", "PUT"},
                        {"count", 1},
                        {"status", 409},
                        {"body", error_body("conflict", "the resource was changed")}});
    };
    Life life(project_, store_);
    const auto report = life.cycle(everything());
    EXPECT_TRUE(all_there(report)) << text_of(report);
    EXPECT_EQ(
        project_.server()["labels"],
        (json{{"owner", "bob"}, {"theirs", "yes"}, {"role", "web"}, {"example.com/tier", "1"}}));
}

}  // namespace
}  // namespace hcloud::agent::test

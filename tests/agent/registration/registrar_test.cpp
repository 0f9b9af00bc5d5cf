// Registering a server: from nothing, again, and where something is in the way.
#include "tests/agent/registration/example.h"
#include "tests/agent/registration/project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;

class RegistrarTest : public testing::Test {
  protected:
    Project project_{kProject};
    MemoryStore store_;
    Life life_{project_, store_};
};

TEST_F(RegistrarTest, BootFromNothing) {
    const auto report = life_.cycle(everything());
    EXPECT_TRUE(all_there(report)) << text_of(report);
    const auto server = project_.server();
    EXPECT_EQ(server["labels"],
              (json{{"owner", "alice"}, {"role", "web"}, {"example.com/tier", "1"}}));
    std::set<int> firewalls;
    for (const auto& firewall : server["public_net"]["firewalls"])
        firewalls.insert(firewall["id"].get<int>());
    EXPECT_EQ(firewalls, (std::set<int>{38, 39}));
    ASSERT_EQ(server["private_net"].size(), 1U);
    EXPECT_EQ(server["private_net"][0]["network"], 4711);
    EXPECT_EQ(server["private_net"][0]["ip"], "10.0.0.5");
    EXPECT_EQ(server["private_net"][0]["alias_ips"], json::array({"10.0.0.100"}));
    EXPECT_EQ(server["load_balancers"], json::array({12}));
    EXPECT_EQ(server["public_net"]["ipv4"]["dns_ptr"], "web1.example.com");
    EXPECT_EQ(server["public_net"]["ipv6"]["dns_ptr"],
              json::array({{{"ip", "2001:db8:42::1"}, {"dns_ptr", "web1.example.com"}}}));
    const auto balancer = project_.call("GET", "/load_balancers/12")["load_balancer"];
    const auto& target = balancer["targets"].back();
    EXPECT_EQ(target["server"]["id"], 42);
    EXPECT_EQ(target["use_private_ip"], true);
    const auto vip = project_.call("GET", "/floating_ips/478")["floating_ip"];
    EXPECT_EQ(vip["dns_ptr"][0]["dns_ptr"], "web1.example.com");
    const auto requests = project_.requests;
    RecordProperty("requests", requests);
    std::cout << "boot from nothing: " << requests << " requests, " << project_.changes.size()
              << " of them changes\n";
    EXPECT_EQ(project_.changes.size(), 8U);
}

TEST_F(RegistrarTest, WarmCycleIsOneRead) {
    life_.cycle(everything());
    const auto before = project_.requests;
    EXPECT_TRUE(all_there(life_.cycle(everything())));
    EXPECT_EQ(project_.requests - before, 1);
}

TEST_F(RegistrarTest, PreviewChangesNothing) {
    const auto report = life_.preview(everything());
    EXPECT_EQ(report.plan.changes.size(), 7U) << text_of(report);
    EXPECT_TRUE(project_.changes.empty());
    EXPECT_TRUE(store_.records.empty());
}

TEST_F(RegistrarTest, DeletedFirewallIsSaidAndTheRestIsDone) {
    project_.call("DELETE", "/firewalls/39");
    const auto report = life_.cycle(everything());
    EXPECT_THAT(report.problems, Contains(HasSubstr("the project has no firewall \"39\"")));
    EXPECT_EQ(state_of(report, "firewall web"), "configured") << text_of(report);
    EXPECT_EQ(state_of(report, "load_balancer web"), "configured") << text_of(report);
}

TEST_F(RegistrarTest, NameOfTwoIsSaidAndTheRestIsDone) {
    project_.patch({{"firewalls", {{"40", {{"name", "web"}}}}}});
    const auto report = life_.cycle(everything());
    EXPECT_THAT(report.problems, Contains(testing::AllOf(HasSubstr("(ids 38, 40)"),
                                                         HasSubstr("use the id instead"))));
    EXPECT_EQ(state_of(report, "firewall 39"), "configured") << text_of(report);
}

TEST_F(RegistrarTest, LoadBalancerInAnotherNetworkIsNotEvenAsked) {
    project_.patch({{"load_balancers",
                     {{"12",
                       {{"private_net", {{"network", 4712}, {"ip", "10.1.0.12"}}},
                        {"targets", json::array()}}}}}});
    const auto report = life_.cycle(everything());
    EXPECT_THAT(report.problems, Contains(HasSubstr("is in another network (4712)")));
    for (const auto& change : project_.changes)
        EXPECT_THAT(change, testing::Not(HasSubstr("add_target")));
    EXPECT_EQ(state_of(report, "network backend"), "configured") << text_of(report);
}

TEST_F(RegistrarTest, FullLoadBalancerIsSaidAndTriedWithGrowingPauses) {
    project_.fault(
        {{"path", "/v1/load_balancers/12/actions/add_target"},
         {"status", 403},
         {"body", error_body("resource_limit_exceeded", "maximum number of targets reached")}});
    auto report = life_.cycle(everything());
    EXPECT_THAT(report.problems, Contains(HasSubstr("maximum number of targets reached")));
    EXPECT_EQ(state_of(report, "load_balancer web"), "held") << text_of(report);
    EXPECT_EQ(state_of(report, "reverse_dns 203.0.113.10 web1.example.com"), "configured");
    int tries = 0;
    project_.before = [&](int, const cloud::Request& request) {
        tries += request.path.ends_with("/add_target") ? 1 : 0;
    };
    for (int minute = 0; minute < 180; ++minute) {
        project_.pass(std::chrono::minutes(1));
        report = life_.cycle(everything());
    }
    EXPECT_GE(tries, 3);
    EXPECT_LE(tries, 10);
}

TEST_F(RegistrarTest, UnknownServerChangesNothing) {
    project_.patch({{"servers", {{"42", nullptr}}}, {"floating_ips", {{"478", nullptr}}}});
    EXPECT_THROW(life_.cycle(everything()), cloud::Error);
    EXPECT_TRUE(project_.changes.empty());
}

TEST_F(RegistrarTest, ReadOnlyTokenIsTriedOnce) {
    project_.fault({{"path", "/v1/*"},
                    {"method", "PUT"},
                    {"status", 401},
                    {"body", error_body("token_readonly", "token is only allowed to read")}});
    const auto report = life_.cycle(everything());
    EXPECT_TRUE(report.refused);
    EXPECT_TRUE(project_.changes.empty());
    EXPECT_THAT(report.problems, Contains(HasSubstr("needs a token that may read and write")));
}

TEST_F(RegistrarTest, LabelSelectorsThatCoverThisServerAreEnough) {
    project_.patch(
        {{"servers", {{"42", {{"labels", {{"role", "web"}}}}}}},
         {"firewalls", {{"38", {{"selectors", {"role=web"}}}}}},
         {"load_balancers", {{"12", {{"targets", {{{"label_selector", "role=web"}}}}}}}}});
    Config::Register wanted;
    wanted.firewalls = {"web"};
    wanted.load_balancers = {{"web", false, {}}};
    const auto report = life_.cycle(wanted);
    EXPECT_EQ(state_of(report, "firewall web"), "adopted") << text_of(report);
    EXPECT_EQ(state_of(report, "load_balancer web"), "adopted") << text_of(report);
    EXPECT_TRUE(project_.changes.empty());
}

TEST_F(RegistrarTest, NewLabelsMayDoTheRestByALabelSelector) {
    project_.patch({{"firewalls", {{"38", {{"selectors", {"role=web"}}}}}}});
    Config::Register wanted;
    wanted.labels = {{"role", "web"}};
    wanted.firewalls = {"web"};
    const auto report = life_.cycle(wanted);
    EXPECT_EQ(state_of(report, "firewall web"), "adopted") << text_of(report);
    EXPECT_EQ(project_.changes.size(), 1U);
}

TEST_F(RegistrarTest, OnlyWhatThisAgentMadeIsRemoved) {
    project_.call("POST", "/firewalls/39/actions/apply_to_resources",
                  {{"apply_to", {{{"type", "server"}, {"server", {{"id", 42}}}}}}});
    project_.let_actions_end();
    life_.cycle(everything());
    Config::Register nothing;
    nothing.networks = {{"backend", {}, {}}};
    const auto report = life_.cycle(nothing);
    EXPECT_TRUE(all_there(report)) << text_of(report);
    const auto server = project_.server();
    EXPECT_EQ(server["labels"], (json{{"owner", "alice"}}));
    EXPECT_EQ(server["public_net"]["firewalls"].size(), 1U);
    EXPECT_EQ(server["public_net"]["firewalls"][0]["id"], 39);
    EXPECT_EQ(server["load_balancers"], json::array());
    EXPECT_EQ(server["private_net"][0]["alias_ips"], json::array());
}

TEST_F(RegistrarTest, AFailedLookupRemovesNothing) {
    life_.cycle(everything());
    auto wanted = everything();
    wanted.firewalls = {"gone", "39"};  // no such name: what "web" stood for stays
    const auto report = life_.cycle(wanted);
    EXPECT_EQ(project_.server()["public_net"]["firewalls"].size(), 2U) << text_of(report);
}

TEST_F(RegistrarTest, ASnapshotOfAnotherServerHasNoRecord) {
    MemoryStore other;
    other.records[7] = {{firewall_key(38), ""}};
    Life life(project_, other);
    project_.call("POST", "/firewalls/38/actions/apply_to_resources",
                  {{"apply_to", {{{"type", "server"}, {"server", {{"id", 42}}}}}}});
    project_.let_actions_end();
    life.cycle({});
    EXPECT_EQ(project_.server()["public_net"]["firewalls"].size(), 1U);
}

TEST_F(RegistrarTest, WhatIsUndoneAgainAndAgainIsContestedNotFoughtOver) {
    Config::Register wanted;
    wanted.labels = {{"role", "web"}};
    RegistrationReport report;
    for (int minute = 0; minute < 240; ++minute) {
        report = life_.cycle(wanted);
        project_.call("PUT", "/servers/42", {{"labels", {{"owner", "alice"}}}});
        project_.pass(std::chrono::minutes(1));
    }
    EXPECT_THAT(report.contested, Contains(label_key("role")));
    EXPECT_GE(project_.changes.size(), 5U);
    EXPECT_LE(project_.changes.size(), 14U);
}

TEST_F(RegistrarTest, HealthIsLookedAtWhenSomebodyWaitsForIt) {
    project_.patch({{"load_balancers", {{"12", {{"health", {{"42", "unknown"}}}}}}}});
    auto report = life_.cycle(everything(), true);
    EXPECT_FALSE(report.health_known);
    project_.patch({{"load_balancers", {{"12", {{"health", {{"42", "healthy"}}}}}}}});
    project_.pass(std::chrono::seconds(6));
    report = life_.cycle(everything(), true);
    EXPECT_TRUE(report.health_known) << text_of(report);
}

TEST_F(RegistrarTest, ADrainedServerStaysOut) {
    life_.cycle(everything());
    store_.left = {"web"};
    auto report = life_.cycle(everything());
    EXPECT_EQ(state_of(report, "load_balancer web"), "drained") << text_of(report);
    EXPECT_EQ(project_.server()["load_balancers"], json::array());
    Life next(project_, store_);
    report = next.cycle(everything());
    EXPECT_EQ(state_of(report, "load_balancer web"), "drained") << text_of(report);
    store_.left.clear();
    report = next.cycle(everything());
    EXPECT_EQ(state_of(report, "load_balancer web"), "configured") << text_of(report);
}

}  // namespace
}  // namespace hcloud::agent::test

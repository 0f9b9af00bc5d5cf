// What is listened on, and how targets are.
#include "tests/simulator/forward/test_forward.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using lab::wait_until;
using nlohmann::json;
using test::TcpClient;
using testing::ElementsAre;
using testing::Pair;

class Listening : public test::ForwardTest {
  protected:
    /// The latest report about the address.
    std::optional<std::string> error_of(const std::string& address) {
        std::optional<std::string> error;
        for (const ListenReport& report : reports()) {
            if (report.address == address) error = report.error;
        }
        return error;
    }
};

TEST_F(Listening, FollowsTheServices) {
    start_all();
    TcpClient standing = client_of("web1");
    const json service{{"protocol", "tcp"}, {"listen_port", 8001}, {"destination_port", 8080}};
    ASSERT_EQ(act("add_service", service).status, 201);
    EXPECT_TRUE(wait_until([&] { return listens(8001) && !answer(8001).empty(); }));
    ASSERT_EQ(act("delete_service", {{"listen_port", 8000}}).status, 201);
    EXPECT_TRUE(wait_until([&] { return !listens(kPort); }));
    EXPECT_TRUE(standing.echoes("as long as I like"));
    EXPECT_FALSE(answer(8001).empty());
}

TEST_F(Listening, IsOnTheAddressesOfTheLoadBalancer) {
    lab::run("ip address add 10.0.0.3/32 dev lo; ip address add 10.0.0.5/32 dev lo");
    project_.patch_state(json::parse(R"({
        "networks": {"1": {"ip_range": "10.0.0.0/16"}},
        "servers": {"44": {"labels": {"role": "web"}, "private_net": [{"network": 1, "ip": "10.0.0.5"}]},
                    "45": {"labels": {"role": "web"}}},
        "load_balancers": {"1": {"ipv4": "192.0.2.9", "private_net": {"network": 1, "ip": "10.0.0.3"},
            "targets": [{"label_selector": "role=web", "use_private_ip": true}]}}})"));
    const test::Backend inner("inner", "10.0.0.5");
    start(ForwardOptions());
    ASSERT_TRUE(wait_until([&] { return error_of("10.0.0.3") == ""; }));
    EXPECT_TRUE(wait_until([&] { return TcpClient("10.0.0.3", kPort).read_line() == "inner"; }))
        << "the selector's member that is in the network";
    const json target = project_.get("/load_balancers/1").body["load_balancer"]["targets"][0];
    EXPECT_EQ(target["targets"][0]["health_status"][0]["status"], "healthy");
    ASSERT_TRUE(wait_until([&] { return error_of("192.0.2.9").has_value(); }));
    EXPECT_EQ(error_of("192.0.2.9"), "Cannot assign requested address");
    lab::run("ip address add 192.0.2.9/32 dev lo");
    EXPECT_TRUE(wait_until([&] { return error_of("192.0.2.9") == ""; }));
    EXPECT_EQ(TcpClient("192.0.2.9", kPort).read_line(), "inner");
    EXPECT_EQ(reports().size(), 3U) << "a failure is told once";
}

class Health : public test::ForwardTest {};

TEST_F(Health, FollowsTheTarget) {
    start_all();
    web1_.reset();
    EXPECT_TRUE(becomes(42, "unhealthy"));
    EXPECT_EQ(health(43), "healthy");
    EXPECT_THAT(answers(4), ElementsAre(Pair("web2", 4)));
    web1_.emplace("web1", "127.0.0.42");
    EXPECT_TRUE(becomes(42, "healthy"));
    EXPECT_THAT(answers(4), ElementsAre(Pair("web1", 2), Pair("web2", 2)));
}

TEST_F(Health, IsUnknownBeforeTheFirstCheckAndHasNothingToDoWithTheServersStatus) {
    project_.patch_state({{"servers", {{"42", {{"status", "off"}}}}}});
    EXPECT_EQ(health(42), "unhealthy") << "nothing is forwarded";
    project_.simulation().with_world([](World& world) { world.start_forwarding(); });
    EXPECT_EQ(health(42), "unknown");
    start_all();
    EXPECT_EQ(health(42), "healthy");
}

TEST_F(Health, OfTheStateOverridesTheChecks) {
    start_all();
    project_.patch_state({{"load_balancers", {{"1", {{"health", {{"42", "unhealthy"}}}}}}}});
    EXPECT_EQ(health(42), "unhealthy");
    EXPECT_THAT(answers(4), ElementsAre(Pair("web2", 4)));
    project_.patch_state({{"load_balancers", {{"1", {{"health", nullptr}}}}}});
    EXPECT_THAT(answers(4), ElementsAre(Pair("web1", 2), Pair("web2", 2)));
}

TEST_F(Health, IsTheServicesOwn) {
    project_.patch_state(json::parse(R"({"load_balancers": {"1": {"services": [
        {"listen_port": 8000, "destination_port": 8080, "health_check": {"interval": 1, "timeout": 1}},
        {"listen_port": 8001, "destination_port": 8081,
         "health_check": {"interval": 1, "timeout": 1, "retries": 1}}]}}})"));
    start_all();
    const auto status = [&](int service) {
        const json balancer = project_.get("/load_balancers/1").body["load_balancer"];
        return balancer["targets"][0]["health_status"][service]["status"];
    };
    EXPECT_TRUE(wait_until([&] { return status(1) == "unhealthy"; }));
    EXPECT_EQ(status(0), "healthy");
}

TEST(ForwardingBook, TakesSomeFailuresInARowForUnhealthyAndOneSuccessForHealthy) {
    constexpr ServicePort kService{1, 80};
    Forwarding book;
    const auto after = [&](bool good) {
        book.checked(kService, "192.0.2.1", good, 2);
        return book.health(kService, "192.0.2.1");
    };
    EXPECT_EQ(book.health(kService, "192.0.2.1"), "unknown");
    EXPECT_EQ(after(false), "unknown");
    EXPECT_EQ(after(false), "unhealthy");
    EXPECT_EQ(after(true), "healthy");
    EXPECT_EQ(after(false), "healthy");
    EXPECT_EQ(after(true), "healthy");
    EXPECT_EQ(after(false), "healthy") << "not in a row";
    EXPECT_EQ(after(false), "unhealthy");
    EXPECT_EQ(book.health({1, 81}, "192.0.2.1"), "unknown");
}

}  // namespace
}  // namespace hcloud::sim

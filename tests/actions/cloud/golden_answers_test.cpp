// What is read from the reference's samples, value by value.
#include "actions/cloud/action.h"
#include "actions/cloud/firewalls.h"
#include "actions/cloud/floating_ips.h"
#include "actions/cloud/load_balancers.h"
#include "actions/cloud/networks.h"
#include "actions/cloud/primary_ips.h"
#include "actions/cloud/servers.h"
#include "actions/cloud/volumes.h"
#include "tests/fixtures/reference.h"

#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using namespace std::chrono;

const nlohmann::json& sample(const char* method, const char* path) {
    return reference::endpoint(method, path).response_samples.at(0);
}

TEST(GoldenAnswer, Server) {
    Server expected;
    expected.id = 42;
    expected.name = "my-resource";
    expected.floating_ips = Ids{478};
    expected.status = "running";
    expected.location = "fsn1";
    expected.ipv4 = Server::PublicIp{42, "1.2.3.4", {{"1.2.3.4", "server01.example.com"}}};
    expected.ipv6 = Server::PublicIp{42, "2001:db8::/64", {{"2001:db8::1", "server.example.com"}}};
    expected.firewalls = {{42, "applied"}};
    expected.private_net = {{4711, "10.0.0.2", {{"10.0.0.3", "10.0.0.4"}}, "86:00:ff:2a:7d:e1"}};
    expected.volumes = Ids{0};
    expected.load_balancers = Ids{0};
    expected.labels = {{"environment", "prod"}, {"example.com/my", "label"}, {"just-a-key", ""}};
    EXPECT_EQ(parse_server(sample("GET", "/servers/{id}")), expected);
    EXPECT_EQ(parse_servers(sample("GET", "/servers")), std::vector{expected});
}

TEST(GoldenAnswer, FloatingIp) {
    EXPECT_EQ(parse_floating_ip(sample("GET", "/floating_ips/{id}")),
              (FloatingIp{42,
                          "my-resource",
                          "131.232.99.1",
                          42,
                          "fsn1",
                          {{"2001:db8::1", "server.example.com"}},
                          false}));
}

TEST(GoldenAnswer, PrimaryIp) {
    EXPECT_EQ(parse_primary_ip(sample("GET", "/primary_ips/{id}")),
              (PrimaryIp{42,
                         "my-resource",
                         "131.232.99.1",
                         "server",
                         17,
                         "fsn1",
                         {{"2001:db8::1", "server.example.com"}},
                         true}));
}

TEST(GoldenAnswer, Network) {
    Network expected{4711, "mynet", "10.0.0.0/16"};
    expected.subnets = {{"cloud", "10.0.1.0/24", "10.0.0.1", "eu-central"}};
    expected.routes = {Network::Route{"10.100.1.0/24", "10.0.1.1"}};
    expected.servers = Ids{42};
    expected.load_balancers = Ids{42};
    EXPECT_EQ(parse_network(sample("GET", "/networks/{id}")), expected);
}

TEST(GoldenAnswer, Firewall) {
    const Firewall::Target target{"server", 42, "env=prod", {42}};
    EXPECT_EQ(parse_firewall(sample("GET", "/firewalls/{id}")),
              (Firewall{42, "new-name", {{target}}}));
}

TEST(GoldenAnswer, LoadBalancer) {
    const LoadBalancer::Target member{"server", 80, {}, {}, false, {{443, "healthy"}}, {}};
    LoadBalancer expected{42, "my-resource", "fsn1"};
    expected.private_net = {{4711, "10.0.0.2"}};
    expected.services = {{"https", 443, 80}};
    expected.targets = {
        {"server", 80, "env=prod", "203.0.113.1", false, {{443, "healthy"}}, {member}}};
    EXPECT_EQ(parse_load_balancer(sample("GET", "/load_balancers/{id}")), expected);
}

TEST(GoldenAnswer, Volume) {
    EXPECT_EQ(parse_volume(sample("GET", "/volumes/{id}")),
              (Volume{42, "my-resource", "available", 12, "fsn1", 42,
                      "/dev/disk/by-id/scsi-0HC_Volume_4711", "xfs"}));
}

TEST(GoldenAnswer, Action) {
    const auto started = sys_days(2016y / January / 30) + 23h + 50min;
    const Action expected{13,
                          "attach_to_network",
                          "running",
                          0,
                          started,
                          std::nullopt,
                          {{42, "server"}, {4711, "network"}},
                          Action::Error{"action_failed", "Action failed"}};
    const auto action = parse_action(sample("POST", "/servers/{id}/actions/attach_to_network"));
    EXPECT_EQ(action, expected);
    EXPECT_TRUE(action.running()) << "whatever the error says";
    const auto done = parse_actions(sample("POST", "/firewalls/{id}/actions/apply_to_resources"));
    ASSERT_EQ(done.size(), 1U);
    EXPECT_TRUE(done[0].succeeded());
    EXPECT_EQ(done[0].progress, 100);
    EXPECT_EQ(done[0].finished, sys_days(2016y / January / 30) + 23h + 56min);
}

}  // namespace
}  // namespace hcloud::cloud

// Load balancers: create, change, networks, public interface, reverse DNS, metrics. Services and
// targets: test_load_balancer_parts.cpp.
#include "tests/simulator/test_load_balancers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::LoadBalancers;
using test::Outcome;
using testing::ElementsAre;

json new_balancer(const json& more = json::object()) {
    json body = {{"name", "new"}, {"load_balancer_type", "lb11"}, {"location", "fsn1"}};
    body.merge_patch(more);
    return body;
}

TEST_F(LoadBalancers, AreCreatedWithNothing) {
    const Outcome made = project_.post("/load_balancers", new_balancer());
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.body["action"]["command"], "create_load_balancer");
    const json shown = made.body["load_balancer"];
    EXPECT_EQ(shown["algorithm"]["type"], "round_robin");
    EXPECT_EQ(shown["public_net"]["enabled"], true);
    EXPECT_EQ(shown["public_net"]["ipv4"]["ip"], "198.51.100.1");
    EXPECT_EQ(shown["public_net"]["ipv4"]["dns_ptr"], "static.1.100.51.198.clients.your-server.de");
    EXPECT_EQ(shown["public_net"]["ipv6"]["ip"], "2001:db8:1::1");
    EXPECT_EQ(shown["private_net"], json::array());
    EXPECT_EQ(shown["load_balancer_type"]["name"], "lb11");
}

TEST_F(LoadBalancers, AreCreatedWithEverything) {
    const Outcome made = project_.post(
        "/load_balancers",
        new_balancer({{"algorithm", {{"type", "least_connections"}}},
                      {"network", 1},
                      {"public_interface", false},
                      {"labels", {{"a", "b"}}},
                      {"services",
                       {{{"protocol", "http"}},
                        {{"protocol", "tcp"}, {"listen_port", 22}, {"destination_port", 22}}}},
                      {"targets",
                       {{{"type", "server"}, {"server", {{"id", 42}}}, {"use_private_ip", true}},
                        {{"type", "label_selector"},
                         {"label_selector", {{"selector", "role=web"}}},
                         {"use_private_ip", true}}}}}));
    ASSERT_EQ(made.status, 201) << made.body;
    const json shown = made.body["load_balancer"];
    EXPECT_EQ(shown["algorithm"]["type"], "least_connections");
    EXPECT_EQ(shown["public_net"]["enabled"], false);
    EXPECT_EQ(shown["private_net"], json::parse(R"([{"network":1,"ip":"10.0.0.4"}])"));
    EXPECT_EQ(shown["services"].size(), 2U);
    EXPECT_EQ(shown["targets"].size(), 2U);
}

TEST_F(LoadBalancers, TakeTypeAndPlaceByIdNameAndZone) {
    const auto place = [&](const json& body) {
        const Outcome made = project_.post("/load_balancers", body);
        EXPECT_EQ(made.status, 201) << made.body;
        const json balancer = made.body.at("load_balancer");
        project_.let_actions_end();
        project_.call("DELETE", "/load_balancers/" + balancer["id"].dump());
        return balancer["location"]["name"].get<std::string>() + " " +
               balancer["load_balancer_type"]["name"].get<std::string>();
    };
    EXPECT_EQ(place(new_balancer({{"load_balancer_type", 2}, {"location", 3}})), "hel1 lb21");
    EXPECT_EQ(place(new_balancer({{"load_balancer_type", "3"}, {"location", "3"}})), "hel1 lb31");
    EXPECT_EQ(place(new_balancer({{"location", nullptr}, {"network_zone", "us-east"}})),
              "ash lb11");
    EXPECT_EQ(place(new_balancer({{"network_zone", "eu-central"}})), "fsn1 lb11");
}

TEST_F(LoadBalancers, AreRefusedWithTheFieldsThatAreWrong) {
    const auto bad = [&](const json& patch) {
        return project_.post("/load_balancers", new_balancer(patch)).fields();
    };
    EXPECT_THAT(project_.post("/load_balancers").fields(),
                ElementsAre("name", "load_balancer_type", "location"));
    EXPECT_THAT(bad({{"location", "mars"}}), ElementsAre("location"));
    EXPECT_THAT(bad({{"network_zone", "us-east"}}), ElementsAre("network_zone"));
    EXPECT_THAT(bad({{"location", nullptr}, {"network_zone", "mars"}}),
                ElementsAre("network_zone"));
    EXPECT_THAT(bad({{"algorithm", {{"type", "random"}}}}), ElementsAre("algorithm.type"));
    EXPECT_THAT(bad({{"services", json::array({{{"protocol", "sctp"}}})}}),
                ElementsAre("services.0.protocol"));
    EXPECT_THAT(bad({{"targets", json::array({{{"type", "server"}}})}}),
                ElementsAre("targets.0.server"));
    EXPECT_EQ(
        project_.post("/load_balancers", new_balancer({{"load_balancer_type", "lb99"}})).status,
        404);
    EXPECT_EQ(project_.post("/load_balancers", new_balancer({{"name", "web"}})).code(),
              "uniqueness_error");
    EXPECT_EQ(project_.post("/load_balancers", new_balancer({{"network", 9}})).status, 404);
    EXPECT_EQ(project_.post("/load_balancers", new_balancer({{"public_interface", false}})).code(),
              "load_balancer_not_attached_to_network");
    EXPECT_EQ(project_.get("/load_balancers").body["load_balancers"].size(), 2U);
}

TEST_F(LoadBalancers, ChangeAlgorithmAndTypeWhenTheActionEnds) {
    EXPECT_EQ(act(1, "change_algorithm", {{"type", "least_connections"}}).status, 201);
    EXPECT_EQ(balancer(1)["algorithm"]["type"], "round_robin");
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["algorithm"]["type"], "least_connections");
    EXPECT_THAT(act(1, "change_algorithm", {{"type", "random"}}).fields(), ElementsAre("type"));
    const Outcome changing = act(1, "change_type", {{"load_balancer_type", "lb21"}});
    EXPECT_EQ(changing.body["action"]["command"], "change_load_balancer_type");
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["load_balancer_type"]["max_services"], 15);
    EXPECT_EQ(act(1, "change_type", {{"load_balancer_type", "lb21"}}).code(),
              "invalid_load_balancer_type");
    EXPECT_EQ(act(1, "change_type", {{"load_balancer_type", "lb99"}}).status, 404);
    EXPECT_THAT(act(1, "change_type").fields(), ElementsAre("load_balancer_type"));
}

TEST_F(LoadBalancers, KeepATypeThatTheyNeed) {
    json services = json::array();
    for (int port = 1; port < 7; ++port)
        services.push_back({{"listen_port", port}, {"destination_port", port}});
    project_.patch_state(
        {{"load_balancers", {{"1", {{"load_balancer_type", "lb21"}, {"services", services}}}}}});
    const Outcome refused = act(1, "change_type", {{"load_balancer_type", "lb11"}});
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "invalid_load_balancer_type");
}

TEST_F(LoadBalancers, AttachToANetworkWhenTheActionEnds) {
    const Outcome attaching = act(1, "attach_to_network", {{"network", 1}, {"ip", "10.0.0.9"}});
    ASSERT_EQ(attaching.status, 201) << attaching.body;
    EXPECT_EQ(attaching.body["action"]["resources"],
              json::parse(R"([{"id":1,"type":"load_balancer"},{"id":1,"type":"network"}])"));
    EXPECT_EQ(balancer(1)["private_net"], json::array());
    EXPECT_EQ(
        project_.post("/servers/44/actions/attach_to_network", {{"network", 1}, {"ip", "10.0.0.9"}})
            .code(),
        "ip_not_available");
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["private_net"], json::parse(R"([{"network":1,"ip":"10.0.0.9"}])"));
    EXPECT_EQ(project_.get("/networks/1").body["network"]["load_balancers"], json::array({1, 2}));
    EXPECT_EQ(act(1, "attach_to_network", {{"network", 1}}).code(),
              "load_balancer_already_attached");
    EXPECT_EQ(
        project_.post("/servers/44/actions/attach_to_network", {{"network", 1}, {"ip", "10.0.0.9"}})
            .code(),
        "ip_not_available");
}

TEST_F(LoadBalancers, AreNotAttachedWhereThereIsNoRoom) {
    EXPECT_EQ(act(1, "attach_to_network", {{"network", 9}}).status, 404);
    for (const char* ip : {"10.0.0.2", "10.0.0.3", "10.0.0.1", "10.1.0.1", "x"}) {
        EXPECT_EQ(act(1, "attach_to_network", {{"network", 1}, {"ip", ip}}).code(),
                  "ip_not_available")
            << ip;
    }
    project_.patch_state({{"networks", {{"2", {{"subnets", {"10.9.0.0/30"}}}}}}});
    project_.complete("/servers/44/actions/attach_to_network", {{"network", 2}});
    EXPECT_EQ(act(1, "attach_to_network", {{"network", 2}}).code(), "no_subnet_available");
}

TEST_F(LoadBalancers, TakeAnAddressOfARange) {
    const auto attach = [&](const json& more) {
        json body = {{"network", 1}};
        body.merge_patch(more);
        return act(1, "attach_to_network", body);
    };
    EXPECT_EQ(attach({{"ip_range", "10.0.2.0/24"}}).code(), "no_subnet_available");
    EXPECT_EQ(attach({{"ip_range", "10.0.1.0/24"}, {"ip", "10.0.0.9"}}).code(), "ip_not_available");
    EXPECT_EQ(attach({{"ip_range", "10.0.1.0/24"}}).status, 201);
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["private_net"][0]["ip"], "10.0.1.1");
}

TEST_F(LoadBalancers, KnewNoRangesInTheOldApi) {
    project_.patch_state({{"profile", "2025-06"}});
    act(1, "attach_to_network", {{"network", 1}, {"ip_range", "10.0.1.0/24"}});
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["private_net"][0]["ip"], "10.0.0.4");
}

TEST_F(LoadBalancers, DetachWhenTheActionEnds) {
    EXPECT_EQ(act(1, "detach_from_network", {{"network", 1}}).code(),
              "load_balancer_not_attached_to_network");
    EXPECT_EQ(act(2, "detach_from_network", {{"network", 2}}).code(),
              "load_balancer_not_attached_to_network");
    EXPECT_EQ(act(2, "detach_from_network", {{"network", 1}}).status, 201);
    EXPECT_EQ(balancer(2)["private_net"].size(), 1U);
    project_.let_actions_end();
    EXPECT_EQ(balancer(2)["private_net"], json::array());
    EXPECT_EQ(balancer(2)["targets"][0]["health_status"][0]["status"], "unhealthy")
        << "its target is to be reached by the private IP";
}

TEST_F(LoadBalancers, DoWithoutAPublicInterfaceWhenAllIsPrivate) {
    EXPECT_EQ(act(1, "disable_public_interface").code(), "load_balancer_not_attached_to_network");
    EXPECT_EQ(act(2, "disable_public_interface").status, 201);
    EXPECT_EQ(balancer(2)["public_net"]["enabled"], true);
    project_.let_actions_end();
    EXPECT_EQ(balancer(2)["public_net"]["enabled"], false);
    EXPECT_EQ(act(2, "enable_public_interface").status, 201);
    project_.let_actions_end();
    EXPECT_EQ(balancer(2)["public_net"]["enabled"], true);
    act(2, "add_target", test::server_target(44));
    project_.let_actions_end();
    const Outcome refused = act(2, "disable_public_interface");
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "targets_without_use_private_ip");
}

TEST_F(LoadBalancers, HaveReverseDnsForBothAddresses) {
    const json before = balancer(1)["public_net"];
    for (const char* type : {"ipv4", "ipv6"}) {
        const json ip = before[type]["ip"];
        EXPECT_EQ(act(1, "change_dns_ptr", {{"ip", ip}, {"dns_ptr", "lb.example.com"}}).status,
                  201);
        project_.let_actions_end();
        EXPECT_EQ(balancer(1)["public_net"][type]["dns_ptr"], "lb.example.com");
        act(1, "change_dns_ptr", {{"ip", ip}, {"dns_ptr", nullptr}});
        project_.let_actions_end();
        EXPECT_EQ(balancer(1)["public_net"][type], before[type]);
    }
    EXPECT_THAT(
        act(1, "change_dns_ptr", {{"ip", "203.0.113.1"}, {"dns_ptr", "x.example"}}).fields(),
        ElementsAre("ip"));
}

TEST_F(LoadBalancers, AreUpdatedProtectedAndDeleted) {
    EXPECT_EQ(project_.call("PUT", "/load_balancers/1", {{"name", "other"}}).status, 200);
    EXPECT_EQ(balancer(1)["name"], "other");
    act(1, "change_protection", {{"delete", true}});
    project_.let_actions_end();
    EXPECT_EQ(project_.call("DELETE", "/load_balancers/1").message(),
              "Load balancer deletion is protected");
    act(1, "change_protection", {{"delete", false}});
    project_.let_actions_end();
    act(1, "change_algorithm", {{"type", "least_connections"}});
    EXPECT_EQ(project_.call("DELETE", "/load_balancers/1").code(), "conflict");
    project_.let_actions_end();
    EXPECT_EQ(project_.call("DELETE", "/load_balancers/1").status, 204);
    EXPECT_EQ(project_.get("/load_balancers/1").status, 404);
}

TEST_F(LoadBalancers, ConflictWhileTheyAreChanged) {
    act(1, "change_algorithm", {{"type", "least_connections"}});
    for (const Outcome& refused : {act(1, "change_algorithm", {{"type", "round_robin"}}),
                                   act(1, "add_target", test::server_target(42)),
                                   act(1, "attach_to_network", {{"network", 1}}),
                                   project_.call("PUT", "/load_balancers/1", {{"name", "n"}})}) {
        EXPECT_EQ(refused.status, 409);
        EXPECT_EQ(refused.code(), "conflict");
    }
    EXPECT_EQ(act(2, "change_algorithm", {{"type", "least_connections"}}).status, 201);
}

TEST_F(LoadBalancers, StayUnattachedIfTheNetworkIsGoneWhenTheActionEnds) {
    const Outcome attaching = act(1, "attach_to_network", {{"network", 2}});
    project_.patch_state({{"networks", {{"2", nullptr}}}});
    project_.let_actions_end();
    EXPECT_EQ(
        project_.get("/actions/" + attaching.body["action"]["id"].dump()).body["action"]["status"],
        "error");
    EXPECT_EQ(balancer(1)["private_net"], json::array());
}

TEST_F(LoadBalancers, AreDetachedWhenTheirNetworkIsDeleted) {
    project_.patch_state(
        {{"servers", {{"42", {{"private_net", nullptr}}}, {"43", {{"private_net", nullptr}}}}}});
    EXPECT_EQ(
        project_.post("/networks/1/actions/delete_subnet", {{"ip_range", "10.0.0.0/24"}}).message(),
        "network has attached resources");
    EXPECT_EQ(project_.call("DELETE", "/networks/1").status, 204);
    EXPECT_EQ(balancer(2)["private_net"], json::array());
}

TEST_F(LoadBalancers, HaveMetrics) {
    const std::string path = "/load_balancers/1/metrics?";
    const Outcome answer = project_.get(path +
                                        "type=bandwidth,open_connections&start=2026-11-23T10:00:00Z"
                                        "&end=2026-11-23T12:00:00+01:00");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const json metrics = answer.body["metrics"];
    EXPECT_EQ(metrics["start"], "2026-11-23T10:00:00Z");
    EXPECT_EQ(metrics["end"], "2026-11-23T11:00:00Z");
    EXPECT_EQ(metrics["step"], 18);
    std::vector<std::string> names;
    for (const auto& [name, series] : metrics["time_series"].items()) {
        names.push_back(name);
        EXPECT_EQ(series["values"].size(), 200U);
        EXPECT_EQ(series["values"][0], json::parse(R"([1795428000.0,"50.000"])"));
    }
    EXPECT_THAT(names, ElementsAre("bandwidth.in", "bandwidth.out", "open_connections"));
    EXPECT_THAT(project_.get(path).fields(), ElementsAre("type", "start", "end"));
    EXPECT_THAT(project_.get(path + "type=cpu&start=x&end=2026-11-23T10:00:00Z").fields(),
                ElementsAre("type", "start"));
    EXPECT_THAT(project_
                    .get(path + "type=bandwidth&start=2026-11-23T10:00:00Z"
                                "&end=2026-11-23T10:00:00Z")
                    .fields(),
                ElementsAre("end"));
    EXPECT_EQ(project_
                  .get(path + "type=bandwidth&step=1&start=2026-11-23T10:00:00Z"
                              "&end=2026-11-23T11:00:00Z")
                  .body["metrics"]["step"],
              8)
        << "500 samples at most";
}

}  // namespace
}  // namespace hcloud::sim

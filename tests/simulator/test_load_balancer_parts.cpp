// Services and targets of load balancers.
#include "tests/simulator/test_load_balancers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;
using test::LoadBalancers;
using test::Outcome;
using test::server_target;
using testing::ElementsAre;

json selector_target(const std::string& selector, bool use_private_ip = false) {
    return {{"type", "label_selector"},
            {"label_selector", {{"selector", selector}}},
            {"use_private_ip", use_private_ip}};
}

json ip_target(const std::string& ip) {
    return {{"type", "ip"}, {"ip", {{"ip", ip}}}};
}

json tcp_service(int port, const json& more = json::object()) {
    json body = {{"protocol", "tcp"}, {"listen_port", port}, {"destination_port", port}};
    body.merge_patch(more);
    return body;
}

class Services : public LoadBalancers {};

TEST_F(Services, HaveTheStandardOfTheirProtocol) {
    const json http = balancer(1)["services"][0];
    EXPECT_EQ(http, json::parse(R"({
        "protocol": "http", "listen_port": 80, "destination_port": 80, "proxyprotocol": false,
        "health_check": {"protocol": "http", "port": 80, "interval": 15, "timeout": 10, "retries": 3,
            "http": {"domain": null, "path": "/", "response": "", "status_codes": ["2??", "3??"],
                     "tls": false}},
        "http": {"cookie_name": "HCLBSTICKY", "cookie_lifetime": 300, "certificates": [],
                 "redirect_http": false, "sticky_sessions": false}})"));
    EXPECT_EQ(balancer(2)["services"][0], json::parse(R"({
        "protocol": "tcp", "listen_port": 80, "destination_port": 8080, "proxyprotocol": false,
        "health_check": {"protocol": "tcp", "port": 8080, "interval": 15, "timeout": 10,
                         "retries": 3}})"));
}

TEST_F(Services, AreAddedWhenTheActionEnds) {
    const Outcome adding = act(1, "add_service", tcp_service(22));
    ASSERT_EQ(adding.status, 201) << adding.body;
    EXPECT_EQ(adding.body["action"]["command"], "add_service");
    EXPECT_EQ(balancer(1)["services"].size(), 1U);
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["services"].size(), 2U);
    EXPECT_EQ(balancer(1)["services"][1]["listen_port"], 22);
}

TEST_F(Services, KeepWhatAnUpdateDoesNotSay) {
    const Outcome updating = act(
        1, "update_service",
        {{"listen_port", 80},
         {"health_check", {{"interval", 20}, {"http", {{"path", "/up"}, {"domain", "a.example"}}}}},
         {"http", {{"sticky_sessions", true}}}});
    ASSERT_EQ(updating.status, 201) << updating.body;
    project_.let_actions_end();
    const json service = balancer(1)["services"][0];
    EXPECT_EQ(service["health_check"]["interval"], 20);
    EXPECT_EQ(service["health_check"]["timeout"], 10);
    EXPECT_EQ(service["health_check"]["http"]["path"], "/up");
    EXPECT_EQ(service["health_check"]["http"]["domain"], "a.example");
    EXPECT_EQ(service["http"]["sticky_sessions"], true);
    EXPECT_EQ(service["http"]["cookie_name"], "HCLBSTICKY");
    EXPECT_EQ(act(1, "update_service", {{"listen_port", 81}}).status, 404);
    act(1, "update_service",
        {{"listen_port", 80}, {"health_check", {{"http", {{"domain", nullptr}}}}}});
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["services"][0]["health_check"]["http"]["path"], "/up");
}

TEST_F(Services, AreDeletedWhenTheActionEnds) {
    EXPECT_EQ(act(1, "delete_service", {{"listen_port", 81}}).status, 404);
    EXPECT_EQ(act(1, "delete_service", {{"listen_port", 80}}).status, 201);
    EXPECT_EQ(balancer(1)["services"].size(), 1U);
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["services"], json::array());
}

TEST_F(Services, NeedAPortOfTheirOwn) {
    const Outcome refused = act(1, "add_service", tcp_service(80));
    EXPECT_EQ(refused.status, 412);
    EXPECT_EQ(refused.code(), "source_port_already_used");
}

TEST_F(Services, AreLimitedByTheType) {
    json services = json::array();
    for (int port = 1; port < 6; ++port)
        services.push_back({{"listen_port", port}, {"destination_port", port}});
    project_.patch_state({{"load_balancers", {{"1", {{"services", services}}}}}});
    const Outcome refused = act(1, "add_service", tcp_service(22));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "resource_limit_exceeded");
}

TEST_F(Services, OfHttpsUseCertificates) {
    const json certificate = {{"type", "managed"}, {"domain_names", {"a.example"}}};
    project_.patch_state({{"certificates", {{"7", certificate}, {"8", certificate}}}});
    const auto add = [&](const json& http) {
        return act(1, "add_service", {{"protocol", "https"}, {"http", http}});
    };
    EXPECT_EQ(add({{"certificates", {9}}}).status, 404);
    EXPECT_EQ(add({{"certificates", {7}}, {"redirect_http", true}}).code(),
              "source_port_already_used")
        << "redirecting needs port 80";
    EXPECT_EQ(add({{"certificates", {7}}}).status, 201);
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["services"][1]["listen_port"], 443);
    EXPECT_EQ(project_.get("/certificates/7").body["certificate"]["used_by"],
              json::parse(R"([{"id":1,"type":"load_balancer"}])"));
    EXPECT_EQ(project_.call("DELETE", "/certificates/7").code(), "service_error");
    EXPECT_EQ(project_.call("DELETE", "/certificates/8").status, 204);
}

struct BadService {
    const char* name;
    const char* patch;  // of tcp_service(22)
    std::vector<std::string> fields;
};

void PrintTo(const BadService& test, std::ostream* out) {
    *out << test.name;
}

class BadServices : public LoadBalancers, public testing::WithParamInterface<BadService> {};

TEST_P(BadServices, AreRefusedWithTheFieldsThatAreWrong) {
    const Outcome refused = act(1, "add_service", tcp_service(22, json::parse(GetParam().patch)));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.fields(), GetParam().fields);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadServices,
    testing::Values(
        BadService{"NoProtocol", R"({"protocol":null})", {"protocol"}},
        BadService{"BadProtocol", R"({"protocol":"udp"})", {"protocol"}},
        BadService{"TcpWithoutPort", R"({"listen_port":null})", {"listen_port"}},
        BadService{"PortTooLarge", R"({"listen_port":65536})", {"listen_port"}},
        BadService{"HttpsWithoutCertificate", R"({"protocol":"https"})", {"http.certificates"}},
        BadService{"RedirectOfHttp",
                   R"({"protocol":"http","http":{"redirect_http":true}})",
                   {"http.redirect_http"}},
        BadService{
            "CheckProtocol", R"({"health_check":{"protocol":"udp"}})", {"health_check.protocol"}},
        BadService{"NoRetries", R"({"health_check":{"retries":0}})", {"health_check.retries"}},
        BadService{"ShortInterval",
                   R"({"health_check":{"interval":2,"timeout":1}})",
                   {"health_check.interval"}},
        BadService{"TimeoutOverInterval",
                   R"({"health_check":{"interval":5,"timeout":15}})",
                   {"health_check.timeout"}},
        BadService{"PathWithBlank",
                   R"({"health_check":{"http":{"path":"/a b"}}})",
                   {"health_check.http.path"}},
        BadService{"CheckIsText", R"({"health_check":"http"})", {"health_check"}}),
    [](const auto& test) { return test.param.name; });

class Targets : public LoadBalancers {
  protected:
    json target(int id, int number) { return balancer(id)["targets"].at(number); }
    void old_api() { project_.patch_state({{"profile", "2025-06"}}); }
};

TEST_F(Targets, AreAddedWhenTheActionEnds) {
    const Outcome adding = act(1, "add_target", server_target(42));
    ASSERT_EQ(adding.status, 201) << adding.body;
    EXPECT_EQ(adding.body["action"]["resources"],
              json::parse(R"([{"id":1,"type":"load_balancer"}])"));
    EXPECT_EQ(balancer(1)["targets"].size(), 1U);
    project_.let_actions_end();
    EXPECT_EQ(target(1, 1), json::parse(R"({"type": "server", "server": {"id": 42},
        "use_private_ip": false, "health_status": [{"listen_port": 80, "status": "healthy"}]})"));
    EXPECT_EQ(project_.get("/servers/42").body["server"]["load_balancers"], json::array({1, 2}));
}

TEST_F(Targets, BySelectorFollowTheLabels) {
    act(1, "add_target", selector_target("role"));
    act(2, "add_target", selector_target("role=web", true));
    project_.let_actions_end();
    const auto selected = [&](int id, int number) {
        std::vector<int> ids;
        const json list = target(id, number)["targets"];
        for (const json& one : list)
            ids.push_back(one["server"]["id"]);
        return ids;
    };
    EXPECT_THAT(selected(1, 1), ElementsAre(42, 44)) << "those with a public IPv4 address";
    EXPECT_THAT(selected(2, 1), ElementsAre(42, 43)) << "those in the network";
    EXPECT_EQ(project_.get("/servers/43").body["server"]["load_balancers"], json::array({2}));
    project_.patch_state({{"servers", {{"43", {{"labels", nullptr}}}}}});
    EXPECT_THAT(selected(2, 1), ElementsAre(42));
    EXPECT_EQ(project_.get("/servers/43").body["server"]["load_balancers"], json::array());
}

TEST_F(Targets, AreAsHealthyAsTheirServerUnlessTheStateSaysMore) {
    const auto health = [&] { return target(1, 0)["health_status"][0]["status"]; };
    EXPECT_EQ(health(), "healthy");
    project_.patch_state({{"servers", {{"44", {{"status", "off"}}}}}});
    EXPECT_EQ(health(), "unhealthy");
    for (const char* said : {"healthy", "unhealthy", "unknown"}) {
        project_.patch_state({{"load_balancers", {{"1", {{"health", {{"44", said}}}}}}}});
        EXPECT_EQ(health(), said);
    }
}

TEST_F(Targets, AreDefinedOnce) {
    const Outcome refused = act(1, "add_target", server_target(44));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "target_already_defined");
    EXPECT_EQ(act(2, "add_target", server_target(42)).code(), "target_already_defined")
        << "also by its other address";
}

TEST_F(Targets, MustBeReachable) {
    EXPECT_EQ(act(1, "add_target", server_target(42, true)).code(),
              "load_balancer_not_attached_to_network");
    EXPECT_EQ(act(1, "add_target", selector_target("a", true)).code(),
              "load_balancer_not_attached_to_network");
    EXPECT_EQ(act(2, "add_target", server_target(44, true)).code(),
              "resolve_cloud_private_targets_error");
    EXPECT_EQ(act(1, "add_target", server_target(43)).code(), "resolve_cloud_public_targets_error");
    EXPECT_EQ(act(1, "add_target", server_target(43)).status, 422);
    const Outcome unknown = act(1, "add_target", server_target(99));
    EXPECT_EQ(unknown.code(), "invalid_input");
    EXPECT_EQ(unknown.message(), "cloud target was not found");
}

TEST_F(Targets, HadOtherCodesInTheOldApi) {
    old_api();
    EXPECT_EQ(act(2, "add_target", server_target(44, true)).code(),
              "server_not_attached_to_network");
    EXPECT_EQ(act(1, "add_target", server_target(43)).code(), "missing_ipv4");
}

TEST_F(Targets, ByIpAreOutsideOfTheCloud) {
    EXPECT_EQ(act(1, "add_target", ip_target("192.168.7.1")).status, 201);
    project_.let_actions_end();
    EXPECT_EQ(target(1, 1), json::parse(R"({"type": "ip", "ip": {"ip": "192.168.7.1"},
        "health_status": [{"listen_port": 80, "status": "healthy"}]})"));
    EXPECT_EQ(act(1, "add_target", ip_target("203.0.113.1")).code(),
              "cloud_resource_ip_not_allowed");
    project_.patch_state({{"switches", {{"ip_target", "ip_not_owned"}}}});
    EXPECT_EQ(act(1, "add_target", ip_target("192.168.7.2")).code(), "ip_not_owned");
    EXPECT_THAT(act(1, "add_target", ip_target("x")).fields(), ElementsAre("ip.ip"));
}

TEST_F(Targets, AreLimitedByTheType) {
    json targets = json::array();
    for (int i = 1; i < 26; ++i)
        targets.push_back({{"ip", "192.168.7." + std::to_string(i)}});
    project_.patch_state({{"load_balancers", {{"1", {{"targets", targets}}}}}});
    const Outcome refused = act(1, "add_target", server_target(42));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "resource_limit_exceeded");
}

TEST_F(Targets, AreRemovedWhenTheActionEnds) {
    const Outcome removing = act(1, "remove_target", server_target(44));
    ASSERT_EQ(removing.status, 201) << removing.body;
    EXPECT_EQ(removing.body["action"]["command"], "remove_target");
    EXPECT_EQ(balancer(1)["targets"].size(), 1U);
    project_.let_actions_end();
    EXPECT_EQ(balancer(1)["targets"], json::array());
    const Outcome refused = act(1, "remove_target", server_target(44));
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.code(), "load_balancer_target_not_found");
}

TEST_F(Targets, NeedADescription) {
    EXPECT_THAT(act(1, "add_target").fields(), ElementsAre("type"));
    EXPECT_THAT(act(1, "add_target", {{"type", "server"}}).fields(), ElementsAre("server"));
    EXPECT_THAT(act(1, "add_target", {{"type", "server"}, {"server", json::object()}}).fields(),
                ElementsAre("server.id"));
    EXPECT_THAT(act(1, "add_target", selector_target("a in")).fields(),
                ElementsAre("label_selector.selector"));
    EXPECT_THAT(act(1, "remove_target", {{"type", "ip"}}).fields(), ElementsAre("ip"));
}

}  // namespace
}  // namespace hcloud::sim

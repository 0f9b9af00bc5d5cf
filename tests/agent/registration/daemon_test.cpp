// The running agent keeps its server registered.
#include "agent/registration/files.h"
#include "tests/agent/server_fixture.h"

#include <filesystem>

namespace hcloud::agent {
namespace {

using lab::wait_until;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kServer = "/v1/servers/42";

class RegisteredServer : public ServerTest {
  protected:
    void register_label() {
        server_.write_config({{"register", {{"labels", {{"role", "web"}}}}}});
        start();
        ASSERT_EQ(server_.command("wait registered --timeout 1h").exit_code, 0) << server_.log();
    }
};

TEST_F(RegisteredServer, IsRegisteredAndSaysSo) {
    register_label();
    EXPECT_EQ(server_.status()["registration"]["state"], "registered");
    EXPECT_THAT(server_.log(), HasSubstr("labels: add role=web (register.labels says so)"));
}

// What was read before the label was set, and is all there is while the API fails, is no news.
TEST_F(RegisteredServer, AFailedLookIsNoLook) {
    register_label();
    server_.fault({{"path", kServer}, {"status", 500}, {"body", "{}"}});
    const auto asked = server_.request_count(kServer);
    ASSERT_TRUE(wait_until([&] { return server_.request_count(kServer) > asked + 2; }));
    server_.clear_faults();
    const auto answered = [&] { return server_.status()["api"]["state"] == "ok"; };
    ASSERT_TRUE(wait_until(answered)) << server_.status();
    EXPECT_THAT(server_.log(), Not(HasSubstr("repaired: labels"))) << server_.log();
    EXPECT_EQ(server_.status()["counters"]["repairs"], 0);
}

// What metadata allows is done all the same, and the status says what is missing.
class Hindered : public RegisteredServer {
  protected:
    void expect_hindered(const std::string& why) {
        const auto problems = [&] { return server_.status()["registration"]["problems"].dump(); };
        ASSERT_TRUE(wait_until([&] { return problems().find(why) != std::string::npos; }))
            << problems();
        EXPECT_EQ(server_.status()["registration"]["state"], "failing");
        EXPECT_THAT(server_.addresses("eth1"), testing::Contains("10.0.0.3/32"));
        EXPECT_EQ(
            server_.cloud().at(json::json_pointer("/servers/42")).value("labels", json::object()),
            json::object());
        const auto wait = server_.answered_command("wait registered --timeout 100ms");
        EXPECT_EQ(wait.exit_code, 75);
        EXPECT_THAT(wait.output, HasSubstr(why));
    }
    void want_label() { server_.write_config({{"register", {{"labels", {{"role", "web"}}}}}}); }
};

TEST_F(Hindered, WithoutAToken) {
    want_label();
    server_.start_agent({{"HCLOUD_TOKEN", ""}});
    started_ = true;
    expect_hindered("no API token");
}

TEST_F(Hindered, ByATokenThatMayOnlyRead) {
    server_.change_cloud({{"tokens", {{"reader", "read-only"}}}});
    want_label();
    server_.start_agent({{"HCLOUD_TOKEN", "reader"}});
    started_ = true;
    expect_hindered("a token that may read and write");
}

TEST_F(Hindered, ByAnIdentityThatIsNotProven) {
    want_label();
    std::filesystem::remove(server_.directory().path() + "/credentials/dmi-serial");
    server_.start_agent();
    started_ = true;
    expect_hindered("no DMI serial number");
    const auto plan = server_.command("plan");
    EXPECT_EQ(plan.exit_code, 77);
    EXPECT_THAT(plan.output, HasSubstr("no DMI serial number"));
}

TEST_F(RegisteredServer, PlanShowsTheProjectBesideTheHost) {
    register_label();
    const auto nothing = server_.command("plan");
    EXPECT_EQ(nothing.exit_code, 0) << nothing.output;
    server_.write_config({{"register", {{"labels", {{"role", "db"}}}}}});
    const auto label = server_.command("plan");
    EXPECT_EQ(label.exit_code, 2) << label.output;
    EXPECT_THAT(label.output, HasSubstr("role=db"));
}

// What it made may be written there, and nobody would ever remove it.
TEST_F(RegisteredServer, ARecordThatCannotBeReadIsSaidThoughNothingIsToBeRegistered) {
    std::filesystem::create_directory(server_.runtime_dir());
    const auto file = server_.directory().write("run/registration.json", "{");
    // By the time of the answer all the rest is done.
    server_.fault({{"path", "/v1/floating_ips*"}, {"delay", "1s"}});
    start();
    const auto problems = [&] { return server_.status()["registration"]["problems"].dump(); };
    EXPECT_TRUE(wait_until([&] { return problems().find(file) != std::string::npos; }))
        << server_.status();
    const auto log = server_.log();
    EXPECT_THAT(log, HasSubstr(file));
    // This look is over at once, before the host has what the same news brought.
    EXPECT_LT(log.find("address add 203.0.113.77/32"), log.find("ready: ")) << log;
    const auto plan = server_.command("plan");
    EXPECT_EQ(plan.exit_code, 1);
    EXPECT_THAT(plan.output, HasSubstr(file));
}

constexpr const char* kBalancer = R"({"load_balancers": {"12": {
    "name": "web", "location": "fsn1", "services": [{"listen_port": 80, "destination_port": 8080}]}}})";

bool is_target(const lab::Server& server) {
    return !server.cloud().at(json::json_pointer("/load_balancers/12/targets")).empty();
}

// It looks into the project once an hour; whoever waits is why it looks now.
TEST_F(RegisteredServer, LeavesAtOnceWhatIsDrained) {
    server_.change_cloud(json::parse(kBalancer));
    server_.write_config(
        {{"api", {{"interval", "1h"}}}, {"register", {{"load_balancers", {"web"}}}}});
    start();
    ASSERT_TRUE(wait_until([&] { return is_target(server_); })) << server_.log();
    RegistrationFiles(server_.directory().path(), server_.runtime_dir()).set_drained({"web"});
    server_.answered_command("wait registered --timeout 1s");
    ASSERT_TRUE(wait_until([&] { return !is_target(server_); })) << server_.log();
    const auto drained = [&] { return server_.status()["registration"]["state"] == "drained"; };
    EXPECT_TRUE(wait_until(drained)) << server_.status();
    EXPECT_EQ(server_.command("load-balancer join").exit_code, 0);
    EXPECT_TRUE(is_target(server_));
}

}  // namespace
}  // namespace hcloud::agent

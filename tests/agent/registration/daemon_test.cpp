// The running agent keeps its server registered.
#include "tests/agent/server_fixture.h"

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
        ASSERT_EQ(server_.command("wait registered --timeout 30s").exit_code, 0) << server_.log();
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

}  // namespace
}  // namespace hcloud::agent

// The JSON of `status` in all its shapes, against its schema.
#include "tests/agent/server_fixture.h"

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::wait_until;
using nlohmann::json;

class StatusSchema : public ServerTest {
  protected:
    /// Keeps the status that has come to be so.
    void keep(const char* name, const std::function<bool(const json&)>& is_so) {
        json status;
        ASSERT_TRUE(wait_until([&] {
            const auto answer = server_.command("status -o json");
            if (answer.exit_code != 0) return false;
            status = json::parse(answer.output);
            return is_so(status);
        })) << name
            << status.dump(2);
        files_ += " " + server_.directory().write(name, status.dump());
    }
    static bool any_item(const json& status, const char* state) {
        const auto& items = status["items"];
        return std::any_of(items.begin(), items.end(),
                           [&](const json& item) { return item["state"] == state; });
    }

    std::string files_;
};

TEST_F(StatusSchema, DescribesEveryStatusAndNothingElse) {
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    server_.write_config({{"network", {{"dhcp_grace", "10m"}}}});
    server_.launch_agent();
    started_ = true;
    keep("unknown", [](const json& s) { return s["identity"] == "unknown"; });
    server_.clear_faults();
    keep("dhcp", [](const json& s) { return any_item(s, "pending"); });
    server_.write_config({{"network", {{"dhcp_grace", "0s"}}}});
    server_.agent().signal(SIGHUP);
    keep("converged", [](const json& s) { return s["state"] == "converged"; });
    keep("contested", [](const json& s) {
        lab::try_run("ip addr del 10.0.0.4/32 dev eth1");
        return any_item(s, "contested");
    });
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    server_.fault({{"path", "/v1/*"}, {"status", 500}});
    keep("failing", [](const json& s) {
        return s["metadata"]["state"] == "failing" && s["api"]["state"] == "failing";
    });
    server_.clear_faults();
    EXPECT_EQ(server_.stop_agent(SIGTERM), 0);

    server_.directory().write("credentials/dmi-serial", "43\n");
    server_.write_config({{"api", {{"token_file", "/nonexistent/token"}}}});
    server_.launch_agent();
    keep("frozen", [](const json& s) { return s["state"] == "frozen"; });
    const auto test = lab::try_run(
        "python3 -B " + lab::in_source("tests/packaging/status_schema_test.py") + files_);
    EXPECT_EQ(test.exit_code, 0) << test.output;
}

}  // namespace
}  // namespace hcloud::agent

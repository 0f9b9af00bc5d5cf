// A real Prometheus that scrapes a real agent, with the alert rules, and asked what the dashboard
// asks.
#include "tests/lab/prometheus.h"

#include "tests/agent/server_fixture.h"

#include <fmt/format.h>

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::Process;
using lab::prometheus_program;
using lab::run;
using lab::try_run;
using lab::wait_until;
using nlohmann::json;

constexpr const char* kListen = "127.0.0.1:9478";
constexpr const char* kPrometheus = "http://127.0.0.1:9090";

class Prometheus : public ServerTest {
  protected:
    void SetUp() override {
        server_.write_config({{"metrics", {{"listen", kListen}}}});
        start();
        const auto rules = lab::in_source("packaging/prometheus/hcloud-agent.rules.yml");
        const auto config =
            server_.directory().write("prometheus.yml", fmt::format(R"(
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: ["{}"]
scrape_configs:
  - {{job_name: hcloud-agent, static_configs: [{{targets: ["{}"]}}]}}
)",
                                                                    rules, kListen));
        prometheus_ = std::make_unique<Process>(
            std::vector<std::string>{prometheus_program("prometheus"), "--config.file=" + config,
                                     "--storage.tsdb.path=" + server_.directory().path() + "/tsdb",
                                     "--web.listen-address=127.0.0.1:9090"});
        ASSERT_TRUE(shows("up{job=\"hcloud-agent\"}", "1")) << prometheus_->output();
    }
    /// The first sample that the query gives; empty if there is none.
    static std::string value(const std::string& query) {
        const auto answer =
            try_run(fmt::format("curl -sS --fail --noproxy '*' --get --data-urlencode 'query={}' "
                                "{}/api/v1/query",
                                query, kPrometheus));
        if (answer.exit_code != 0) return {};
        const auto result = json::parse(answer.output).at("data").at("result");
        return result.empty() ? std::string() : result[0].at("value")[1].get<std::string>();
    }

    /// Sooner or later: a scrape may come too late, and then there is nothing until the next.
    static testing::AssertionResult shows(const std::string& query, const std::string& expected) {
        if (wait_until([&] { return value(query) == expected; }))
            return testing::AssertionSuccess();
        return testing::AssertionFailure() << query << " is " << value(query);
    }

    std::unique_ptr<Process> prometheus_;
};

TEST_F(Prometheus, Scrapes) {
    EXPECT_TRUE(shows("hcloud_agent_converged", "1"));
    EXPECT_TRUE(shows("sum(hcloud_agent_items)", "11"));
    EXPECT_TRUE(shows("hcloud_agent_identity{state=\"proven\"}", "1"));
    run("ip addr del 10.0.0.3/32 dev eth1");
    EXPECT_TRUE(shows("hcloud_agent_repairs_total", "1"));
    EXPECT_EQ(server_.stop_agent(SIGTERM), 0);
    EXPECT_TRUE(shows("up{job=\"hcloud-agent\"}", "0"));
}

TEST_F(Prometheus, AnswersWhatDashboardAndAlertsAsk) {
    const auto rules = [] {
        return run(fmt::format("curl -sS --noproxy '*' {}/api/v1/rules", kPrometheus));
    };
    ASSERT_TRUE(wait_until([&] {  // two samples make a rate, and each rule has been evaluated
        return value("rate(hcloud_agent_source_rounds_total{source=\"api\"}[1m])") > "0" &&
               rules().find("\"health\":\"unknown\"") == std::string::npos;
    })) << rules();
    const auto metrics = server_.directory().write(
        "metrics", run(fmt::format("curl -sS --noproxy '*' http://{}/metrics", kListen)));
    const auto test = try_run(fmt::format("python3 -B {} {} {}",
                                          lab::in_source("tests/packaging/monitoring_test.py"),
                                          metrics, kPrometheus));
    EXPECT_EQ(test.exit_code, 0) << test.output;
}

}  // namespace
}  // namespace hcloud::agent

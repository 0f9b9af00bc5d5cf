// The metrics: what they say of a real agent, whether Prometheus's own tools take them, and who is
// served where.
#include "agent/daemon/metrics.h"

#include "agent/daemon/prometheus_text.h"
#include "tests/agent/server_fixture.h"
#include "tests/lab/prometheus.h"

#include <sstream>

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::Process;
using lab::prometheus_program;
using lab::run;
using lab::try_run;
using lab::wait_until;
using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

constexpr const char* kListen = "127.0.0.1:9478";

/// "hcloud_agent_items{kind="alias",state="held"}" → "0".
std::map<std::string, std::string> samples_in(const std::string& text) {
    std::map<std::string, std::string> samples;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto blank = line.rfind(' ');
        if (!line.starts_with('#')) samples[line.substr(0, blank)] = line.substr(blank + 1);
    }
    return samples;
}

class Metrics : public ServerTest {
  protected:
    std::string text() const {
        return run("curl -sS --fail --unix-socket " + server_.runtime_dir() +
                   "/agent.sock http://localhost/metrics");
    }
    std::map<std::string, std::string> samples() const { return samples_in(text()); }
    void expect_promtool_is_content(const std::string& metrics) {
        const auto file = server_.directory().write("metrics", metrics);
        const auto check = try_run(prometheus_program("promtool") + " check metrics < " + file);
        EXPECT_EQ(check.exit_code, 0) << check.output << metrics;
        EXPECT_EQ(check.output, "") << metrics;
    }
    void listen_on(const std::string& address) {
        server_.write_config({{"metrics", {{"listen", address}}}});
    }
    static lab::CommandResult get(const std::string& path, const std::string& options = "") {
        return try_run("curl -sS --noproxy '*' -o /dev/stdout -w '%{http_code}' " + options +
                       " http://" + kListen + path);
    }
};

TEST_F(Metrics, OfAnAgentThatHasConverged) {
    server_.change_cloud({{"rate_limit", {{"limit", 3600}, {"remaining", 3600}}}});
    const auto before = time(nullptr);
    start();
    const auto all = samples();
    const auto age = time(nullptr) - before + 1;
    EXPECT_EQ(all.at(R"(hcloud_agent_info{version="0.1.0"})"), "1");
    EXPECT_EQ(all.at(R"(hcloud_agent_server_info{id="42",name="web1"})"), "1");
    EXPECT_EQ(all.at("hcloud_agent_converged"), "1");
    EXPECT_EQ(all.at("hcloud_agent_frozen"), "0");
    EXPECT_EQ(all.at(R"(hcloud_agent_identity{state="proven"})"), "1");
    EXPECT_EQ(all.at(R"(hcloud_agent_identity{state="mismatch"})"), "0");
    EXPECT_EQ(all.at(R"(hcloud_agent_items{kind="private",state="configured"})"), "2");
    EXPECT_EQ(all.at(R"(hcloud_agent_items{kind="alias",state="configured"})"), "3");
    EXPECT_EQ(all.at(R"(hcloud_agent_items{kind="floating",state="configured"})"), "2");
    EXPECT_EQ(all.at(R"(hcloud_agent_items{kind="route",state="configured"})"), "4");
    EXPECT_EQ(all.at(R"(hcloud_agent_items{kind="alias",state="contested"})"), "0");
    EXPECT_EQ(all.at("hcloud_agent_problems"), "0");
    EXPECT_EQ(all.at("hcloud_agent_changes_total"), "13") << "two MTUs among them";
    EXPECT_EQ(all.at("hcloud_agent_repairs_total"), "0");
    EXPECT_EQ(all.at("hcloud_agent_change_failures_total"), "0");
    EXPECT_EQ(all.at(R"(hcloud_agent_source_up{source="metadata"})"), "1");
    EXPECT_EQ(all.at(R"(hcloud_agent_source_up{source="api"})"), "1");
    EXPECT_LE(std::stoi(all.at(R"(hcloud_agent_source_last_success_age_seconds{source="api"})")),
              age);
    EXPECT_EQ(all.at(R"(hcloud_agent_source_failed_rounds_total{source="metadata"})"), "0");
    EXPECT_GE(std::stoi(all.at("hcloud_agent_api_interval_seconds")), 1);
    EXPECT_EQ(all.at("hcloud_agent_api_rate_limit_requests"), "3600");
    EXPECT_GT(std::stoi(all.at("hcloud_agent_api_rate_limit_remaining_requests")), 3500);
    const auto started = std::stoll(all.at("process_start_time_seconds"));
    EXPECT_THAT(started, AllOf(testing::Ge(before - 1), testing::Le(before + age)));
    EXPECT_EQ(all.at(R"(hcloud_agent_registration{state="off"})"), "1");
    EXPECT_EQ(all.size(), 61U) << text();
    expect_promtool_is_content(text());
}

TEST_F(Metrics, CountWhatHappens) {
    start();
    run("ip addr del 10.0.0.3/32 dev eth1");
    EXPECT_TRUE(wait_until([&] { return samples().at("hcloud_agent_repairs_total") == "1"; }));
    ASSERT_TRUE(wait_until([&] {
        try_run("ip addr del 10.0.0.4/32 dev eth1");
        return samples().at(R"(hcloud_agent_items{kind="alias",state="contested"})") == "1";
    }));
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    server_.fault({{"path", "/v1/*"}, {"status", 500}});
    for (const std::string source : {"metadata", "api"}) {
        EXPECT_TRUE(wait_until([&] {
            const auto all = samples();
            return all.at("hcloud_agent_source_up{source=\"" + source + "\"}") == "0" &&
                   all.at("hcloud_agent_source_failed_rounds_total{source=\"" + source + "\"}") !=
                       "0";
        })) << source
            << text();
    }
    expect_promtool_is_content(text());
}

TEST_F(Metrics, SaySoWhileNothingIsKnown) {
    server_.fault({{"path", "/hetzner/*"}, {"hang", true}});
    started_ = true;
    std::map<std::string, std::string> all;
    std::string said;
    // A slow machine may look only when the first request has been given up.
    ASSERT_TRUE(wait_until([&] {
        server_.launch_agent();
        EXPECT_TRUE(wait_until([&] {
            return try_run("curl -sS --unix-socket " + server_.runtime_dir() +
                           "/agent.sock http://localhost/metrics")
                       .exit_code == 0;
        }));
        said = text();
        all = samples_in(said);
        return all.at(R"(hcloud_agent_source_rounds_total{source="metadata"})") == "0";
    })) << said;
    EXPECT_EQ(all.at("hcloud_agent_converged"), "0");
    EXPECT_EQ(all.at(R"(hcloud_agent_identity{state="unknown"})"), "1");
    EXPECT_THAT(all, Not(Contains(Key(HasSubstr("server_info")))));
    EXPECT_THAT(all, Not(Contains(Key(HasSubstr("source_up")))));
    EXPECT_THAT(all, Not(Contains(Key(HasSubstr("last_success")))));
    EXPECT_THAT(all, Not(Contains(Key(HasSubstr("api_")))));
    expect_promtool_is_content(said);
}

TEST_F(Metrics, OfSomebodyElsesMetadata) {
    server_.directory().write("credentials/dmi-serial", "43\n");
    server_.launch_agent();
    started_ = true;
    ASSERT_TRUE(wait_until([&] { return server_.log().find("server 43") != std::string::npos; }));
    const auto all = samples();
    EXPECT_EQ(all.at("hcloud_agent_frozen"), "1");
    EXPECT_EQ(all.at(R"(hcloud_agent_identity{state="mismatch"})"), "1");
    EXPECT_EQ(all.at("hcloud_agent_problems"), "0") << "metadata says it";
}

// Names come from the cloud, and Prometheus drops a whole scrape for one byte that it dislikes.
TEST_F(Metrics, NamesMayHoldAnything) {
    Status status;
    status.server_id = 42;
    status.server_name = "a\\b\"c\nd\te{f}=\x01\xff\xc3\xbc";
    const auto text = to_metrics(status);
    EXPECT_THAT(text, HasSubstr("name=\"a\\\\b\\\"c\\nd\te{f}=\x01\xef\xbf\xbd\xc3\xbc\"} 1\n"));
    expect_promtool_is_content(text);
}

TEST_F(Metrics, TheSocketIsForOwnerAndGroup) {
    start();
    const auto socket = server_.runtime_dir() + "/agent.sock";
    EXPECT_EQ(run("stat -c '%a %u %g' " + socket), run("echo 660 $(id -u) $(id -g)"));
    EXPECT_EQ(run("curl -sS --unix-socket " + socket + " -o /dev/null -w '%{content_type}' " +
                  "http://localhost/metrics"),
              "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_THAT(run("curl -sS --unix-socket " + socket + " -X POST -w '%{http_code}' " +
                    "http://localhost/metrics"),
                AllOf(HasSubstr("GET is the only method here"), HasSubstr("405")));
}

TEST_F(Metrics, NobodyListensOnTcpUnlessAsked) {
    start();
    EXPECT_EQ(run("ss -Hltnp | grep -c hcloud-agent || true"), "0\n");
}

TEST_F(Metrics, ThePortServesMetricsAlone) {
    listen_on(kListen);
    start();
    EXPECT_THAT(get("/metrics?name[]=x").output,
                AllOf(HasSubstr("hcloud_agent_converged 1\n"), HasSubstr("200")));
    EXPECT_THAT(get("/v1/status").output, HasSubstr("404"));
    EXPECT_THAT(get("/metrics", "-X POST").output, HasSubstr("405"));
    EXPECT_EQ(run("ss -Hltnp | grep hcloud-agent | tr -s ' ' | cut -d' ' -f4"),
              std::string(kListen) + "\n");
}

TEST_F(Metrics, ThePortFollowsTheConfiguration) {
    start();
    const auto reloads = [&] { server_.agent().signal(SIGHUP); };
    const auto answers = [](int code) {
        return wait_until([code] { return get("/metrics").exit_code == code; });
    };
    constexpr int kRefused = 7;
    listen_on(kListen);
    reloads();
    EXPECT_TRUE(answers(0));
    listen_on("127.0.0.1:9479");
    reloads();
    EXPECT_TRUE(answers(kRefused));
    listen_on(kListen);
    reloads();
    EXPECT_TRUE(answers(0));
    listen_on("off");
    reloads();
    EXPECT_TRUE(answers(kRefused));
    EXPECT_EQ(server_.stop_agent(SIGTERM), 0);
}

TEST_F(Metrics, APortThatIsTakenIsSaidAndHoldsNothingUp) {
    listen_on(kListen);
    const auto other = std::make_unique<Process>(std::vector<std::string>{
        "socat", "TCP-LISTEN:9478,bind=127.0.0.1,reuseaddr,fork", "EXEC:false"});
    ASSERT_TRUE(wait_until([] { return run("ss -Hltn").find(kListen) != std::string::npos; }));
    start();
    EXPECT_THAT(server_.log(), HasSubstr(std::string("metrics: cannot listen on ") + kListen));
    EXPECT_THAT(text(), HasSubstr("hcloud_agent_converged 1\n"));
    other->signal(SIGTERM);
    other->wait();
    server_.agent().signal(SIGHUP);
    EXPECT_TRUE(wait_until([] { return get("/metrics").exit_code == 0; })) << server_.log();
}

}  // namespace
}  // namespace hcloud::agent

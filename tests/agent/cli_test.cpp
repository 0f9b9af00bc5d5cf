// The command line as a person or a script meets it: exit codes, what goes to stdout, what errors
// say.
#include "tests/agent/server_fixture.h"

#include <signal.h>

namespace hcloud::agent {
namespace {

using lab::Server;
using lab::try_run;
using nlohmann::json;
using testing::HasSubstr;

class CommandLine : public ServerTest {
  protected:
    lab::CommandResult bare(const std::string& words) const {
        return try_run(lab::program("hcloud-agent") + " --config " + server_.config_path() +
                       " --runtime-dir " + server_.runtime_dir() + " " + words);
    }
    static lab::CommandResult with_config(const std::string& file) {
        return try_run(lab::program("hcloud-agent") + " --config " + file + " config check");
    }
};

TEST_F(CommandLine, PlanChangesNothingAndSaysSoByItsExitCode) {
    server_.write_config({{"network", {{"dhcp_grace", "0s"}}}});
    const auto before = Server::observe();
    auto plan = server_.command("plan");
    EXPECT_EQ(plan.exit_code, 2) << plan.output;
    EXPECT_THAT(plan.output,
                HasSubstr("+ address add 10.0.0.3/32 dev eth1 scope host\n      because: "));
    EXPECT_EQ(Server::observe(), before);
    EXPECT_EQ(try_run("ls " + server_.runtime_dir()).exit_code, 2) << "plan left files behind";

    const auto apply = server_.command("apply");
    EXPECT_EQ(apply.exit_code, 0) << apply.output;
    EXPECT_TRUE(Server::complete()) << apply.output;

    plan = server_.command("plan");
    EXPECT_EQ(plan.exit_code, 0) << plan.output;
    EXPECT_THAT(plan.output, HasSubstr("nothing to do"));
    const auto after = Server::observe();
    EXPECT_EQ(server_.command("apply").exit_code, 0);
    EXPECT_EQ(Server::observe(), after);
}

TEST_F(CommandLine, PlanDoesNotTakeIgnoranceForNothingToDo) {
    server_.fault({{"path", "/hetzner/*"}, {"status", 500}});
    const auto plan = server_.command("plan");
    EXPECT_EQ(plan.exit_code, 69);
    EXPECT_THAT(plan.output, HasSubstr("failed: HTTP 500"));
    EXPECT_THAT(plan.output, testing::Not(HasSubstr("nothing to do")));
}

TEST_F(CommandLine, PlanAsJson) {
    const auto plan = server_.command("-o json plan 2>/dev/null");
    const auto document = json::parse(plan.output);
    ASSERT_FALSE(document["changes"].empty());
    EXPECT_TRUE(document["changes"][0].contains("reason"));
    EXPECT_EQ(document["items"].size(), 11U) << document.dump(2);
}

TEST_F(CommandLine, ApplyWaitsForDhcpFirst) {
    const auto apply = server_.command("apply");
    EXPECT_EQ(apply.exit_code, 0) << apply.output;
    EXPECT_TRUE(Server::complete());
}

TEST_F(CommandLine, StatusOfARunningAgent) {
    start();
    auto status = server_.command("status");
    EXPECT_EQ(status.exit_code, 0);
    EXPECT_THAT(status.output,
                HasSubstr("server    web1 (id 42), identity proven\nstate     converged\n"));
    EXPECT_THAT(status.output, HasSubstr("configured floating 203.0.113.77/32"));
    EXPECT_THAT(status.output, HasSubstr(", every "));
    EXPECT_THAT(status.output, HasSubstr("requests left"));
    EXPECT_THAT(status.output, testing::Not(HasSubstr("sim-token")));
    EXPECT_EQ(server_.status()["identity"], "proven");
}

TEST_F(CommandLine, StatusShowsThatTheApiIsAskedLessOftenAsTheRateLimitRunsLow) {
    server_.change_cloud({{"rate_limit", {{"limit", 3600}, {"remaining", 1000}}}});
    start();
    const auto api = server_.status()["api"];
    EXPECT_EQ(api["state"], "ok");
    EXPECT_LT(api["rate_limit"]["remaining"], 1000);
    EXPECT_GT(api["interval_seconds"], 3600);
}

TEST_F(CommandLine, StatusWithoutAnAgent) {
    const auto status = server_.command("status");
    EXPECT_EQ(status.exit_code, 69);
    EXPECT_THAT(status.output, HasSubstr("is it running? systemctl status hcloud-agent"));
}

TEST_F(CommandLine, ASecondAgentIsRefused) {
    start();
    for (const char* command : {"run", "apply"}) {
        const auto second = server_.command(command);
        EXPECT_EQ(second.exit_code, 75) << second.output;
        EXPECT_THAT(second.output, HasSubstr("another hcloud-agent is at work"));
    }
    EXPECT_EQ(server_.command("plan").exit_code, 0) << "plan only looks";
}

TEST_F(CommandLine, WithoutATokenEverythingElseIsDone) {
    const auto apply = bare("apply");
    EXPECT_EQ(apply.exit_code, 0) << apply.output;
    EXPECT_THAT(apply.output,
                HasSubstr("no API token: put one into /etc/hcloud-agent/token and restart the "
                          "service, or set api.token_file or $HCLOUD_TOKEN; until then "
                          "assigned floating IPs are unknown"));
    EXPECT_EQ(Server::addresses("eth1"), Server::expected("eth1"));
    EXPECT_FALSE(Server::addresses("eth0").contains("203.0.113.77/32"));
}

TEST_F(CommandLine, AWrongTokenIsNamedButNotShown) {
    const auto apply =
        try_run("HCLOUD_TOKEN=not-the-token " + lab::program("hcloud-agent") + " --config " +
                server_.config_path() + " --runtime-dir " + server_.runtime_dir() + " apply");
    EXPECT_EQ(apply.exit_code, 69) << apply.output;
    EXPECT_THAT(apply.output, HasSubstr("GET http://127.0.0.1:8080/v1/servers/42"));
    EXPECT_THAT(apply.output, HasSubstr("unauthorized"));
    EXPECT_THAT(apply.output, testing::Not(HasSubstr("not-the-token")));
}

TEST_F(CommandLine, AnUnreadableTokenFileIsNamed) {
    server_.write_config({{"api", {{"token_file", "/nonexistent/token"}}}});
    const auto apply = bare("apply");
    EXPECT_THAT(apply.output,
                HasSubstr("API token in /nonexistent/token: No such file or directory"));
}

TEST_F(CommandLine, SomebodyElsesMetadataIsRefused) {
    server_.directory().write("credentials/dmi-serial", "43\n");
    const auto before = Server::observe();
    for (const char* command : {"plan", "apply"}) {
        const auto result = server_.command(command);
        EXPECT_EQ(result.exit_code, 77) << result.output;
        EXPECT_THAT(
            result.output,
            HasSubstr("this is server 43 (DMI serial), but metadata answers for server 42"));
    }
    EXPECT_EQ(Server::observe(), before);
}

TEST_F(CommandLine, MetadataThatIsNotReachable) {
    server_.stop_simulator();
    for (const char* command : {"plan", "apply", "metadata"}) {
        const auto result = server_.command(command);
        EXPECT_EQ(result.exit_code, 69) << result.output;
        EXPECT_THAT(
            result.output,
            HasSubstr("GET http://169.254.169.254/hetzner/v1/metadata failed: connection refused"));
    }
}

TEST_F(CommandLine, MetadataInAllFormats) {
    EXPECT_EQ(server_.command("metadata hostname").output, "web1\n");
    EXPECT_EQ(server_.command("metadata instance-id --format env").output,
              "AFTERBURN_HETZNER_INSTANCE_ID=42\n");
    EXPECT_EQ(
        server_.command("metadata --format env").output,
        "AFTERBURN_HETZNER_AVAILABILITY_ZONE=fsn1-dc14\nAFTERBURN_HETZNER_HOSTNAME=web1\n"
        "AFTERBURN_HETZNER_INSTANCE_ID=42\nAFTERBURN_HETZNER_PRIVATE_IPV4_0=10.0.0.2\n"
        "AFTERBURN_HETZNER_PRIVATE_IPV4_1=10.1.0.2\nAFTERBURN_HETZNER_PUBLIC_IPV4=203.0.113.10\n"
        "AFTERBURN_HETZNER_REGION=eu-central\n");
    const auto document = json::parse(server_.command("metadata --format json").output);
    EXPECT_EQ(document["private-networks"][0]["alias_ips"], json({"10.0.0.3", "10.0.0.4"}));
    EXPECT_THAT(server_.command("metadata --format yaml").output, HasSubstr("hostname: web1\n"));
    const auto unknown = server_.command("metadata nonsense");
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.output, HasSubstr("metadata has no nonsense (404)"));
}

TEST_F(CommandLine, EndpointsFromTheEnvironment) {
    const auto result = try_run("HCLOUD_METADATA_ENDPOINT=http://127.0.0.1:1/md " +
                                lab::program("hcloud-agent") + " metadata hostname");
    EXPECT_EQ(result.exit_code, 69);
    EXPECT_THAT(result.output, HasSubstr("http://127.0.0.1:1/md/hostname"));
    const auto bad =
        try_run("HCLOUD_ENDPOINT=http://api.example.com " + lab::program("hcloud-agent") + " plan");
    EXPECT_EQ(bad.exit_code, 78);
    EXPECT_THAT(bad.output, HasSubstr("$HCLOUD_ENDPOINT"));
}

TEST_F(CommandLine, Usage) {
    for (const char* words : {"", "nonsense", "plan --nonsense", "metadata --format xml"}) {
        const auto result = bare(words);
        EXPECT_EQ(result.exit_code, 64) << words << ": " << result.output;
    }
    EXPECT_THAT(bare("nonsense").output, HasSubstr("what is 'nonsense'?"));
    EXPECT_EQ(bare("--help").exit_code, 0);
    EXPECT_THAT(bare("--version").output, HasSubstr("0.1.0"));
}

TEST_F(CommandLine, BadConfigurations) {
    const auto file = [&](const std::string& text) {
        return server_.directory().write("bad.yaml", text);
    };
    struct Bad {
        std::string text;
        std::string said;
    };
    const std::vector<Bad> cases = {
        {"network:\n  private_network: off\n",
         ":2:3: network.private_network: unknown key; did you mean 'private_networks'?"},
        {"metadata: {interval: fast}\n", ":1:22: metadata.interval: expected a duration"},
        {"network: {floating_ips: [203.0.113.500]}\n", ":1:26: network.floating_ips[0]: "},
        {"network: {floating_ips: [203.0.113.5, 203.0.113.5]}\n",
         ":1:39: network.floating_ips[1]: "},
        {"network: [\n", ":3:1: YAML: expected a , or ]; close the [ above"},
    };
    for (const auto& [text, said] : cases) {
        const auto path = file(text);
        const auto result = with_config(path);
        EXPECT_EQ(result.exit_code, 78) << text;
        EXPECT_THAT(result.output, HasSubstr(path + said)) << text;
    }
    EXPECT_EQ(with_config(file("")).exit_code, 0);
    const auto missing = with_config("/nonexistent.yaml");
    EXPECT_EQ(missing.exit_code, 78);
    EXPECT_THAT(missing.output, HasSubstr("/nonexistent.yaml"));
}

TEST_F(CommandLine, ConfigShowAndSchema) {
    EXPECT_THAT(server_.command("config show").output, HasSubstr("private_networks: auto"));
    const auto schema = json::parse(server_.command("config schema").output);
    EXPECT_TRUE(schema["properties"].contains("network"));
}

}  // namespace
}  // namespace hcloud::agent

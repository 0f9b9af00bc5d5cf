// Each broken set-up gives the finding of its fault, and nothing else; the same set-up without a
// fault gives none.
#include "tests/agent/doctor/broken.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <linux/capability.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hcloud::agent::doctor {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class BrokenSetUp : public testing::TestWithParam<Broken> {};

TEST_P(BrokenSetUp, GivesItsFindingAndOnlyThat) {
    Patient patient;
    const auto planted = GetParam().plant(patient);
    const auto findings = patient.examine();
    EXPECT_EQ(complaints(findings), std::set<std::string>{GetParam().id})
        << listing(findings) << patient.server().log();
    for (const auto& finding : findings) {
        if (finding.severity == Severity::ok) continue;
        EXPECT_EQ(finding.severity, GetParam().severity);
        EXPECT_THAT(finding.what, HasSubstr(GetParam().said));
        EXPECT_THAT(finding.why, Not(IsEmpty()));
        EXPECT_THAT(finding.mend, Not(IsEmpty()));
    }
}

std::string name_of(const testing::TestParamInfo<Broken>& info) {
    return info.param.name;
}
INSTANTIATE_TEST_SUITE_P(Cloud, BrokenSetUp, testing::ValuesIn(broken_cloud()), name_of);
INSTANTIATE_TEST_SUITE_P(Host, BrokenSetUp, testing::ValuesIn(broken_host()), name_of);
INSTANTIATE_TEST_SUITE_P(Service, BrokenSetUp, testing::ValuesIn(broken_service()), name_of);

TEST(Doctor, FindsNothingWrongOnAGoodServerAndChangesNothing) {
    Patient patient;
    const auto before = lab::Server::observe();
    const auto cloud = lab::run("curl -sS --noproxy '*' http://127.0.0.1:8080/_sim/state");
    const auto files = lab::run("cd " + patient.server().directory().path() +
                                " && find root run | grep -v ^root/proc/ | xargs ls -ld");
    const auto findings = patient.examine();
    EXPECT_THAT(complaints(findings), IsEmpty()) << listing(findings);
    for (const char* id : {"config", "unit", "agent", "identity", "metadata", "token", "api",
                           "token-kind", "rate-limit", "clock", "nic", "addresses", "conflicts"}) {
        EXPECT_THAT(findings, Contains(Field(&Finding::id, id)));
    }
    EXPECT_THAT(findings, Contains(Field(&Finding::what, "addresses in their place: 7")));
    EXPECT_EQ(lab::Server::observe(), before);
    auto now =
        nlohmann::json::parse(lab::run("curl -sS --noproxy '*' http://127.0.0.1:8080/_sim/state"));
    auto then = nlohmann::json::parse(cloud);
    now.erase("rate_limit");
    then.erase("rate_limit");
    EXPECT_EQ(now, then);
    EXPECT_EQ(lab::run("cd " + patient.server().directory().path() +
                       " && find root run | grep -v ^root/proc/ | xargs ls -ld"),
              files);
}

TEST(Doctor, TellsAReadingTokenFromAWritingOne) {
    Patient patient;
    const auto kind = [&] {
        for (const auto& finding : patient.examine()) {
            if (finding.id == "token-kind") return finding.what;
        }
        return std::string("no finding");
    };
    EXPECT_EQ(kind(), "the token may read and write");
    patient.server().change_cloud({{"tokens", {{"reader", "read-only"}}}});
    patient.write("etc/hcloud-agent/token", "reader\n");
    EXPECT_THAT(kind(), HasSubstr("the token may only read"));
    patient.server().fault({{"path", "/v1/servers/0/*"}, {"status", 500}});
    EXPECT_EQ(kind(), "what the token may do was not established");
}

TEST(Doctor, NotesWhatNeedsNoMending) {
    Patient patient;
    patient.write("usr/sbin/hc-ifscan", "");
    patient.write("etc/network/interfaces.d/backend",
                  "iface eth1 inet static\n  address 10.0.0.2/32\n");
    const auto findings = patient.examine();
    EXPECT_EQ(complaints(findings), (std::set<std::string>{"hc-utils", "conflict-ifupdown"}));
    EXPECT_FALSE(any_wrong(findings)) << listing(findings);
}

TEST(Doctor, CloudInitMayNameAnAddressOnceItsNetworkConfigIsDisabled) {
    Patient patient;
    patient.write("etc/cloud/cloud.cfg.d/mine.cfg",
                  "network: {ethernets: {eth1: {addresses: [10.0.0.3/32]}}}\n");
    EXPECT_EQ(complaints(patient.examine()), std::set<std::string>{"conflict-cloud-init"});
    patient.write("etc/cloud/cloud.cfg.d/99-off.cfg", "network: {config: disabled}\n");
    EXPECT_THAT(complaints(patient.examine()), IsEmpty());
}

// As on a server that has just booted: private NICs are down, and nobody has configured them yet.
TEST(Doctor, DoesNotMissWhatTheAgentLeavesToDhcpForNow) {
    Patient patient;
    patient.server().stop_agent(SIGTERM);
    lab::run("ip addr del 10.0.0.2/32 dev eth1; ip link set eth1 mtu 1500 down; rm " +
             patient.server().runtime_dir() + "/ledger.json");
    patient.server().write_config({{"network", {{"dhcp_grace", "10m"}}}});
    patient.server().launch_agent();
    ASSERT_TRUE(lab::wait_until([&] {
        const auto status = patient.server().command("status");
        return status.output.find("left to DHCP for now") != std::string::npos;
    })) << patient.server().log();
    const auto findings = patient.examine();
    EXPECT_EQ(complaints(findings), std::set<std::string>{"dhcp-grace"}) << listing(findings);
    EXPECT_FALSE(any_wrong(findings));
}

TEST(Doctor, WithoutSystemdItLooksAtTheRest) {
    Patient patient;
    lab::run("rm -r " + patient.real("run/systemd"));
    EXPECT_EQ(complaints(patient.examine()), std::set<std::string>{"no-systemd"});
}

TEST(Doctor, DoesNotBlameTheAgentsOwnGuard) {
    Patient patient;
    patient.server().fault({{"path", "/hetzner/*"}, {"hang", true}});
    lab::run(
        "nft add table ip hcloud_agent; nft add chain ip hcloud_agent out '{type filter hook "
        "output priority 0;}'; nft add rule ip hcloud_agent out ip daddr 169.254.169.254 meta "
        "skuid "
        "4711 reject");
    EXPECT_EQ(complaints(patient.examine()), std::set<std::string>{"metadata-unreachable"});
}

TEST(Doctor, LooksWhetherTheGuardStands) {
    Patient patient;
    patient.reconfigure({{"metadata", {{"guard", "root-only"}}}});
    ASSERT_TRUE(lab::wait_until(
        [] { return lab::try_run("nft list table ip hcloud_agent").exit_code == 0; }));
    const auto findings = patient.examine();
    EXPECT_THAT(complaints(findings), IsEmpty()) << listing(findings);
}

// Root that may not read what is not for it: as good as another user, in a namespace that has none.
void drop_override() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    ASSERT_EQ(syscall(SYS_capget, &header, data.data()), 0);
    for (const unsigned capability : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH}) {
        data[0].effective &= ~(1U << capability);
        data[0].permitted &= ~(1U << capability);
    }
    ASSERT_EQ(syscall(SYS_capset, &header, data.data()), 0);
}

TEST(Doctor, SaysWhatItIsNotAllowedToSee) {
    Patient patient;
    for (const char* path : {"sys/class/dmi/id/product_serial", "etc/hcloud-agent/token",
                             "etc/NetworkManager/system-connections"}) {
        ASSERT_EQ(::chmod(patient.real(path).c_str(), 0), 0);
    }
    ASSERT_EQ(::chmod((patient.server().runtime_dir() + "/agent.sock").c_str(), 0), 0);
    drop_override();
    const auto findings = patient.examine();
    EXPECT_EQ(complaints(findings), (std::set<std::string>{"identity-unproven", "token-not-seen",
                                                           "agent-not-seen", "not-seen"}))
        << listing(findings);
    EXPECT_FALSE(any_wrong(findings));
    EXPECT_THAT(findings.back().what, HasSubstr("/etc/NetworkManager/system-connections"));
}

TEST(Doctor, IsACommand) {
    Patient patient;
    const auto printed = patient.server().command("-o json doctor");
    const auto document = nlohmann::json::parse(printed.output);
    EXPECT_EQ(printed.exit_code,
              document["summary"]["error"] == 0 && document["summary"]["warning"] == 0 ? 0 : 1);
    std::set<std::string> ids;
    for (const auto& finding : document["findings"]) {
        EXPECT_EQ(finding.size(), 5U) << finding;
        ids.insert(finding["id"]);
    }
    EXPECT_THAT(ids, testing::IsSupersetOf({"identity", "metadata", "api", "nic", "addresses"}));
    const auto text = patient.server().command("doctor");
    EXPECT_THAT(text.output, HasSubstr("ok      this is server 42, says DMI and says metadata"));
    EXPECT_THAT(text.output, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text.output + printed.output, Not(HasSubstr("sim-token")));
    patient.server().directory().write("config.yaml", "nonsense: 1\n");
    const auto bad = patient.server().command("doctor");
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.output, HasSubstr("[config-bad]"));
}

}  // namespace
}  // namespace hcloud::agent::doctor

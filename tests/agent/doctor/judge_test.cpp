// What the facts mean, without a machine: the cases that cannot well be planted.
#include "agent/doctor/addresses.h"
#include "agent/doctor/api.h"
#include "agent/doctor/conflicts.h"
#include "agent/doctor/daemon.h"
#include "agent/doctor/identity.h"
#include "agent/doctor/metadata.h"
#include "agent/doctor/report.h"
#include "agent/doctor/token.h"
#include "agent/doctor/unit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "warning clock-skew" of what is not "ok".
std::vector<std::string> said(const Findings& findings) {
    std::vector<std::string> result;
    for (const auto& finding : findings) {
        if (finding.severity == Severity::ok) continue;
        result.push_back(std::string(to_string(finding.severity)) + " " + finding.id);
    }
    return result;
}

cloud::Error refused(int status, cloud::ErrorKind kind, const std::string& code) {
    return cloud::Error({.kind = kind, .http_status = status, .code = code});
}

TEST(TokenKind, ByTheAnswerToAChangeThatCannotBeMade) {
    using cloud::ErrorKind;
    EXPECT_EQ(kind_by(refused(401, ErrorKind::not_permitted, "token_readonly")),
              TokenKind::read_only);
    EXPECT_EQ(kind_by(refused(404, ErrorKind::not_found, "not_found")), TokenKind::read_write);
    EXPECT_EQ(kind_by(refused(422, ErrorKind::rejected, "invalid_input")), TokenKind::read_write);
    // A proxy's 404, a rule, a limit, a fault: nothing about the token.
    EXPECT_EQ(kind_by(refused(404, ErrorKind::not_found, "")), TokenKind::not_established);
    EXPECT_EQ(kind_by(refused(403, ErrorKind::not_permitted, "forbidden")),
              TokenKind::not_established);
    EXPECT_EQ(kind_by(refused(429, ErrorKind::rate_limited, "rate_limit_exceeded")),
              TokenKind::not_established);
    EXPECT_EQ(kind_by(refused(503, ErrorKind::server_fault, "unavailable")),
              TokenKind::not_established);
}

TEST(Clock, AMinuteIsTolerated) {
    ApiFacts facts;
    facts.asked = true;
    for (const int ahead : {-60, 0, 60}) {
        facts.ahead = std::chrono::seconds(ahead);
        EXPECT_THAT(said(judge(facts)), IsEmpty()) << ahead;
    }
    for (const int ahead : {-61, 61}) {
        facts.ahead = std::chrono::seconds(ahead);
        EXPECT_THAT(said(judge(facts)), ElementsAre("warning clock-skew")) << ahead;
    }
    EXPECT_THAT(judge(facts).back().what, HasSubstr("61 s ahead of"));
}

TEST(Clock, ExplainsACertificateThatIsNotValidYet) {
    ApiFacts facts;
    facts.asked = true;
    facts.error = cloud::Error({.kind = cloud::ErrorKind::unreachable,
                                .message = "TLS: certificate refused: certificate is not yet valid",
                                .stage = cloud::Stage::certificate});
    EXPECT_THAT(said(judge(facts)), ElementsAre("error clock-tls"));
}

TEST(Proxy, IsNamed) {
    ApiFacts facts;
    facts.asked = true;
    facts.proxy = "proxy.example:3128";
    EXPECT_THAT(judge(facts).front().what, HasSubstr("proxy.example:3128"));
    facts.error = cloud::Error({.kind = cloud::ErrorKind::unreachable,
                                .message = "proxy: answered CONNECT with 407",
                                .stage = cloud::Stage::proxy});
    EXPECT_THAT(said(judge(facts)), ElementsAre("error api-proxy"));
}

TEST(RateLimit, BelowTheReserve) {
    ApiFacts facts;
    facts.asked = true;
    facts.rate = cloud::RateLimit{3600, 720};
    EXPECT_THAT(said(judge(facts)), IsEmpty());
    facts.rate = cloud::RateLimit{3600, 719};
    EXPECT_THAT(said(judge(facts)), ElementsAre("warning rate-limit-low"));
    facts.error = refused(429, cloud::ErrorKind::rate_limited, "rate_limit_exceeded");
    EXPECT_THAT(said(judge(facts)), ElementsAre("error rate-limit-low"));
}

TEST(Identity, BelievesMetadataIfToldTo) {
    IdentityFacts facts;
    facts.verify = VerifyBy::metadata;
    facts.serial = 42;
    facts.instance_id = 43;
    EXPECT_THAT(said(judge(facts)), IsEmpty());
    facts.verify = VerifyBy::dmi;
    EXPECT_THAT(said(judge(facts)), ElementsAre("error identity-mismatch"));
}

TEST(Metadata, ABlackHoleIsAnError) {
    MetadataFacts facts;
    facts.error = "no answer in time";
    facts.private_way = "enp7s0";
    facts.better_way = "169.254.169.254/32 via 172.31.1.1 dev eth0";
    const auto findings = judge(facts);
    EXPECT_THAT(said(findings), ElementsAre("error metadata-route"));
    EXPECT_THAT(findings[0].what, HasSubstr("no answer in time"));
    EXPECT_THAT(findings[0].mend, HasSubstr("start the agent"));
    facts.pin_wanted = false;
    EXPECT_THAT(judge(facts)[0].mend, HasSubstr("network.pin_metadata_route: true"));
}

TEST(Metadata, IsGuardedAsWanted) {
    MetadataFacts facts;
    facts.guarded = true;
    EXPECT_THAT(said(judge(facts)), IsEmpty());
    facts.guard_stands = false;
    EXPECT_THAT(said(judge(facts)), ElementsAre("error guard-missing"));
    facts.error = "connection refused";
    EXPECT_THAT(said(judge(facts)), ElementsAre("error metadata-unreachable"));
    facts.let_through = false;
    EXPECT_THAT(said(judge(facts)), ElementsAre("note metadata-guarded"));
}

TEST(Token, IsNotMissedWhereNothingNeedsIt) {
    TokenFacts facts;
    EXPECT_THAT(said(judge(facts)), ElementsAre("warning token-missing"));
    facts.needed = false;
    EXPECT_THAT(said(judge(facts)), IsEmpty());
}

TEST(Token, WhoseModeIsTooWide) {
    TokenFacts facts{"/etc/hcloud-agent/token", {}, false, {}, true};
    for (const mode_t mode : {0400U, 0600U, 0640U, 0440U}) {
        facts.mode = mode;
        EXPECT_THAT(said(judge(facts)), IsEmpty()) << std::oct << mode;
    }
    for (const mode_t mode : {0644U, 0604U, 0660U, 0602U}) {
        facts.mode = mode;
        EXPECT_THAT(said(judge(facts)), ElementsAre("warning token-exposed")) << std::oct << mode;
    }
}

TEST(Unit, OfAnAdministratorHasNoSandboxOfOurs) {
    UnitFacts facts{true, parse_properties("LoadState=loaded\nUnitFileState=enabled\n"
                                           "FragmentPath=/etc/systemd/system/hcloud-agent.service\n"
                                           "User=\nCapabilityBoundingSet=cap_chown cap_net_admin\n"
                                           "ProtectSystem=no\n")};
    EXPECT_THAT(said(judge(facts)), IsEmpty());
    facts.properties["UnitFileState"] = "transient";
    EXPECT_THAT(said(judge(facts)), ElementsAre("note unit-disabled"));
}

TEST(Unit, ThatIsStartedAgainAndAgainHasFailed) {
    const UnitFacts facts{true, parse_properties("ActiveState=activating\nSubState=auto-restart\n"
                                                 "Result=watchdog\n")};
    EXPECT_EQ(failure_of(facts), "watchdog");
}

TEST(Agent, SaysWhatDoctorDoesNotSee) {
    DaemonFacts facts;
    facts.version = facts.our_version = "1.0";
    facts.api_problems = {"GET …: unauthorized"};
    EXPECT_THAT(said(judge(facts)), ElementsAre("warning agent-api"));
    facts.api_is_well = false;  // then doctor has told itself
    EXPECT_THAT(said(judge(facts)), IsEmpty());
    facts.our_version = "1.1";
    EXPECT_THAT(said(judge(facts)), ElementsAre("note agent-version"));
}

TEST(Agent, AnAnswerOfAnotherShapeIsNoReasonToFail) {
    DaemonFacts facts;
    for (const char* text : {"[]", "null", "{\"items\": 3, \"api\": [], \"problems\": [1]}"}) {
        const auto status = nlohmann::json::parse(text);
        read_status(status, facts);
        EXPECT_THAT(facts.host_problems, IsEmpty()) << text;
        EXPECT_THAT(contested_items(status), IsEmpty()) << text;
    }
}

TEST(FloatingIps, WhoseHolderIsThisServer) {
    const auto ip = *host::IpAddress::parse("203.0.113.5");
    EXPECT_THAT(said(judge_holders({{ip, 42}}, 42)), IsEmpty());
    EXPECT_THAT(said(judge_holders({{ip, 43}, {ip, std::nullopt}}, 42)),
                ElementsAre("warning floating-ip-elsewhere", "warning floating-ip-elsewhere"));
}

TEST(Report, AsTextAndAsJson) {
    const Findings findings = {{"b", Severity::error, "what", "why", "mend"}, fine("a", "good")};
    EXPECT_EQ(to_text(findings, {}),
              "ok      good [a]\nERROR   what [b]\n        why:  why\n        mend: mend\n"
              "1 error, 0 warnings\n");
    EXPECT_EQ(to_text(findings, {.symbols = true, .colour = true}),
              "\x1b[32m✓\x1b[0m good [a]\n\x1b[31m✗\x1b[0m what [b]\n  why:  why\n  mend: mend\n"
              "1 error, 0 warnings\n");
    EXPECT_EQ(to_text({fine("a", "good")}, {.symbols = true}), "✓ good [a]\nnothing wrong\n");
    EXPECT_EQ(to_json(findings), nlohmann::json::parse(R"({
        "findings": [
            {"id": "b", "severity": "error", "what": "what", "why": "why", "mend": "mend"},
            {"id": "a", "severity": "ok", "what": "good", "why": "", "mend": ""}],
        "summary": {"ok": 1, "note": 0, "warning": 0, "error": 1}})"));
}

}  // namespace
}  // namespace hcloud::agent::doctor

#include "agent/doctor/api.h"

#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace hcloud::agent::doctor {

namespace {

using cloud::ErrorKind;
using cloud::Stage;

constexpr std::chrono::seconds kTolerated{60};

const char* const kNoFloatingIps =
    "floating IPs stay as they are; nothing new is learned, nothing is deleted";

// OpenSSL's words (X509_verify_cert_error_string).
bool is_about_time(const std::string& text) {
    return text.find("not yet valid") != std::string::npos ||
           text.find("has expired") != std::string::npos;
}

Finding certificate(const ApiFacts& facts, const std::string& what) {
    if (is_about_time(what)) {
        return {"clock-tls", Severity::error, what,
                "a certificate is valid from one day to another: with a wrong clock here, a good "
                "one is refused",
                "compare with a watch: date -u; let it be set: timedatectl set-ntp true"};
    }
    return {"api-certificate", Severity::error, what, kNoFloatingIps,
            fmt::format("a proxy that opens TLS needs its certificate in api.ca_file; else look "
                        "who answers: curl -v {}/",
                        facts.endpoint)};
}

Finding unreachable(const ApiFacts& facts, const cloud::Error& error) {
    const std::string what = error.what();
    switch (error.details().stage) {
        case Stage::name:
            return {"api-name", Severity::error, what, kNoFloatingIps,
                    "look at the name servers: getent hosts api.hetzner.cloud; cat "
                    "/etc/resolv.conf; a server without a public IP needs one that it can reach"};
        case Stage::proxy:
            return {"api-proxy", Severity::error, what, kNoFloatingIps,
                    "HTTPS_PROXY names the proxy, NO_PROXY what goes past it; under systemd they "
                    "are in the unit: systemctl show -p Environment hcloud-agent"};
        case Stage::certificate:
            return certificate(facts, what);
        case Stage::tls:
        case Stage::connect:
        case Stage::other:
            break;
    }
    return {"api-unreachable", Severity::error, what, kNoFloatingIps,
            fmt::format("try it: curl -m 10 {}/; a server without a public IP needs a NAT gateway "
                        "(network.default_route: private) or a proxy",
                        facts.endpoint)};
}

Finding not_permitted(const cloud::Error& error) {
    if (error.details().http_status == 401) {
        return {"token-unknown", Severity::error,
                fmt::format("the API does not know this token ({})", error.what()),
                "it was revoked, or is not what was copied: nothing that needs the API works",
                "make a new one in the Console of this server's project and restart the agent"};
    }
    return {"token-refused", Severity::error, error.what(), kNoFloatingIps,
            "ask the project's owner what this token may do"};
}

Finding failed(const ApiFacts& facts, const cloud::Error& error) {
    switch (error.kind()) {
        case ErrorKind::unreachable:
            return unreachable(facts, error);
        case ErrorKind::not_permitted:
            return not_permitted(error);
        case ErrorKind::not_found:
            return {"token-wrong-project", Severity::error,
                    fmt::format("the token's project has no server {}", facts.server),
                    "a token sees one project: this one cannot see this server's floating IPs",
                    "make a token in the project that this server belongs to"};
        case ErrorKind::rate_limited:
            return {"rate-limit-low", Severity::error, error.what(),
                    "all servers and tools of the project share one limit, and it is used up",
                    "find who asks so often; the agent asks less as it runs low (README, "
                    "Scaling)"};
        case ErrorKind::timeout:
        case ErrorKind::broken:
        case ErrorKind::rejected:
        case ErrorKind::server_fault:
        case ErrorKind::too_large:
        case ErrorKind::malformed:
            break;
    }
    return {"api-failing", Severity::error, error.what(), kNoFloatingIps,
            "passes by itself if it is Hetzner's: https://status.hetzner.com"};
}

void judge_rate(const ApiFacts& facts, Findings& findings) {
    if (!facts.rate || facts.rate->limit <= 0) return;
    const auto text = fmt::format("{} of {} requests are left in this hour's limit",
                                  facts.rate->remaining, facts.rate->limit);
    if (facts.rate->remaining * 100 >= facts.rate->limit * facts.reserve_percent) {
        findings.push_back(fine("rate-limit", text));
        return;
    }
    findings.push_back(
        {"rate-limit-low", Severity::warning, text,
         "all servers and tools of the project share one limit; below api.reserve the agent asks "
         "rarely, and notices a moved floating IP late",
         "find who asks so often, or move servers to another project (README, Scaling)"});
}

void judge_clock(const ApiFacts& facts, Findings& findings) {
    if (!facts.ahead) return;
    const auto off = std::chrono::abs(*facts.ahead);
    if (off <= kTolerated) {
        findings.push_back(fine("clock", "the clock agrees with the API's"));
        return;
    }
    findings.push_back(
        {"clock-skew", Severity::warning,
         fmt::format("the clock is {} s {} the API's", off.count(),
                     facts.ahead->count() > 0 ? "ahead of" : "behind"),
         "certificates seem expired or not valid yet, and logs cannot be compared",
         "timedatectl set-ntp true; then: timedatectl timesync-status, or chronyc tracking"});
}

void judge_kind(const ApiFacts& facts, Findings& findings) {
    if (facts.registers && facts.kind == TokenKind::read_only) {
        findings.push_back(
            {"token-read-only", Severity::warning,
             "the token may only read, and the configuration has a register section",
             "nothing of that section is done, and no load balancer is left at a shutdown",
             "make a token with read and write in the Console (Security, API tokens), keep it in "
             "/etc/hcloud-agent/token with mode 0600, then: systemctl restart hcloud-agent"});
        return;
    }
    constexpr std::array kTexts = {
        "what the token may do was not established",
        "the token may only read: enough to follow floating IPs, not for `hcloud-agent api POST`",
        "the token may read and write",
    };
    findings.push_back(fine("token-kind", kTexts.at(static_cast<std::size_t>(facts.kind))));
}

}  // namespace

TokenKind kind_by(const cloud::Error& answer) {
    const auto& code = answer.details().code;
    if (code == "token_readonly") return TokenKind::read_only;
    // Past the token, and refused for what was asked.
    const bool looked_at =
        answer.kind() == ErrorKind::not_found || code == "invalid_input" || code == "json_error";
    return looked_at && !code.empty() ? TokenKind::read_write : TokenKind::not_established;
}

Findings judge(const ApiFacts& facts) {
    Findings findings;
    if (!facts.proxy.empty()) {
        findings.push_back(fine("proxy", "the API is asked through the proxy " + facts.proxy));
    }
    if (!facts.asked) return findings;
    if (facts.error) {
        findings.push_back(failed(facts, *facts.error));
    } else {
        findings.push_back(fine("api", fmt::format("the API answers at {}", facts.endpoint)));
        judge_kind(facts, findings);
        judge_rate(facts, findings);
    }
    judge_clock(facts, findings);
    return findings;
}

}  // namespace hcloud::agent::doctor

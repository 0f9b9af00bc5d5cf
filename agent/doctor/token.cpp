#include "agent/doctor/token.h"

#include <fmt/format.h>

#include <sys/stat.h>

namespace hcloud::agent::doctor {

namespace {

constexpr const char* kMakeIt =
    "make one in the Console (Security, API tokens; read is enough) and keep it so: install -m "
    "0600 /dev/stdin /etc/hcloud-agent/token; systemctl restart hcloud-agent";

Finding missing(const TokenFacts& facts) {
    if (!facts.needed) {
        return fine("token", "no API token, and the configuration needs none");
    }
    return {"token-missing", Severity::warning, "there is no API token",
            "metadata does not know floating IPs: those assigned to this server stay unknown",
            fmt::format("{}. Or list them in network.floating_ips, or set that to off", kMakeIt)};
}

bool exposed(mode_t mode) {
    return (mode & (S_IRWXO | S_IWGRP)) != 0;
}

}  // namespace

Findings judge(const TokenFacts& facts) {
    if (facts.refused) {
        return {{"token-not-seen", Severity::note,
                 fmt::format("{} is not for us to read", facts.source),
                 "the token and what it may do were not looked at", "sudo hcloud-agent doctor"}};
    }
    if (facts.source.empty()) return {missing(facts)};
    Findings findings;
    if (!facts.problem.empty()) {
        findings.push_back({"token-unusable", Severity::error, facts.problem,
                            "without a token the API is not asked at all", kMakeIt});
    }
    if (facts.mode && exposed(*facts.mode)) {
        findings.push_back(
            {"token-exposed", Severity::warning,
             fmt::format("{} has mode {:04o}", facts.source, static_cast<unsigned>(*facts.mode)),
             "whoever reads the token has its rights over the whole project",
             fmt::format("chmod 0600 {}; if others have accounts here, make a new token",
                         facts.source)});
    }
    if (findings.empty()) {
        findings.push_back(fine("token", fmt::format("there is an API token: {}", facts.source)));
    }
    return findings;
}

}  // namespace hcloud::agent::doctor

#include "agent/doctor/metadata.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::agent::doctor {

namespace {

Finding wrong_way(const MetadataFacts& facts) {
    const bool dead = !facts.error.empty();
    return {
        "metadata-route", dead ? Severity::error : Severity::warning,
        fmt::format("the route to the metadata service leaves through the private NIC {}, "
                    "while there is a public one{}",
                    facts.private_way, dead ? "; it does not answer: " + facts.error : ""),
        "DHCP on a private network has pushed such routes: the service is then a black hole, "
        "or answers with a NAT gateway's identity",
        facts.pin_wanted
            ? "start the agent, which pins the route; by hand: ip route add " + facts.better_way
            : "set network.pin_metadata_route: true; by hand: ip route add " + facts.better_way};
}

Finding unreachable(const MetadataFacts& facts) {
    if (!facts.firewall.empty()) {
        return {"metadata-firewall", Severity::error,
                fmt::format("metadata does not answer, and a firewall rule of this host names it: "
                            "{} ({})",
                            fmt::join(facts.firewall, "; "), facts.error),
                "private networks and alias IPs are known from there alone",
                "let the agent's user through: nft list ruleset shows the rule"};
    }
    return {"metadata-unreachable", Severity::error, facts.error,
            "private networks and alias IPs are known from there alone; what is configured stays "
            "and is repaired, but nothing new is learned",
            fmt::format("look where it goes: ip route get 169.254.169.254; ask it: curl -m 5 "
                        "{}/instance-id; look for a firewall or a proxy in between",
                        facts.endpoint)};
}

Finding kept_out() {
    return {"metadata-guarded", Severity::note,
            "metadata.guard lets root and listed users through, and this is neither",
            "metadata and all that follows from it were not looked at", "sudo hcloud-agent doctor"};
}

Finding unguarded() {
    return {"guard-missing", Severity::error,
            "metadata.guard is root-only, but the table of nf_tables is not there or was altered",
            "every user of this machine can read the user data, and secrets in it",
            "what the agent says of it: hcloud-agent status; nft list table ip hcloud_agent"};
}

}  // namespace

Findings judge(const MetadataFacts& facts) {
    if (!facts.private_way.empty()) return {wrong_way(facts)};
    if (!facts.error.empty() && facts.guarded && !facts.let_through) return {kept_out()};
    if (!facts.error.empty()) return {unreachable(facts)};
    if (facts.guarded && !facts.guard_stands) return {unguarded()};
    if (!facts.broken.empty()) {
        return {{"metadata-incomplete", Severity::warning,
                 fmt::format("metadata answers, but not all of it can be understood: {}",
                             fmt::join(facts.broken, "; ")),
                 "what cannot be understood is not configured, and nothing is deleted meanwhile",
                 "tell the authors what this prints: hcloud-agent metadata private-networks"}};
    }
    return {fine("metadata", fmt::format("metadata answers at {}", facts.endpoint))};
}

}  // namespace hcloud::agent::doctor

#include "agent/doctor/daemon.h"

#include "agent/planner/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent::doctor {

namespace {

using nlohmann::json;

json child(const json& value, const char* key) {
    return value.is_object() ? value.value(key, json()) : json();
}

std::vector<std::string> texts(const json& list) {
    std::vector<std::string> result;
    for (const auto& text : list) {
        if (text.is_string()) result.push_back(text.get<std::string>());
    }
    return result;
}

std::set<std::string> items_with(const json& status, const char* key, const char* value) {
    std::set<std::string> result;
    for (const auto& item : child(status, "items")) {
        const auto what = child(item, "what");
        if (child(item, key) == value && what.is_string()) result.insert(what.get<std::string>());
    }
    return result;
}

Finding not_running(const DaemonFacts& facts) {
    const auto missing = facts.missing == 0
                             ? std::string("all is in place now")
                             : fmt::format("{} addresses or routes are missing", facts.missing);
    const std::string why =
        "nothing is repaired, and nothing that changes in the cloud is followed";
    if (!facts.unit_failure.empty()) {
        return {
            "unit-failed", Severity::error,
            fmt::format("hcloud-agent.service has failed ({}); {}", facts.unit_failure, missing),
            why,
            "journalctl -u hcloud-agent -n 50 says why; then: systemctl restart "
            "hcloud-agent"};
    }
    return {"agent-not-running", facts.missing == 0 ? Severity::warning : Severity::error,
            fmt::format("the agent does not run; {}", missing), why,
            "systemctl enable --now hcloud-agent; once, by hand: hcloud-agent apply"};
}

void complain(Findings& findings, const char* id, const std::vector<std::string>& problems,
              const char* why, const char* mend) {
    if (problems.empty()) return;
    findings.push_back({id, Severity::warning,
                        fmt::format("the agent says: {}", fmt::join(problems, "; ")), why, mend});
}

}  // namespace

void read_status(const json& status, DaemonFacts& facts) {
    const auto version = child(status, "version");
    if (version.is_string()) facts.version = version.get<std::string>();
    facts.host_problems = texts(child(status, "problems"));
    facts.metadata_problems = texts(child(child(status, "metadata"), "problems"));
    facts.api_problems = texts(child(child(status, "api"), "problems"));
    facts.registration_problems = texts(child(child(status, "registration"), "problems"));
}

std::set<std::string> contested_items(const json& status) {
    return items_with(status, "state", "contested");
}

std::set<std::string> items_left_to_dhcp(const json& status) {
    return items_with(status, "note", kLeftToDhcp);
}

Findings judge(const DaemonFacts& facts) {
    if (facts.answer == DaemonFacts::Answer::refused) {
        return {{"agent-not-seen", Severity::note, facts.problem,
                 "what the running agent says of itself was not looked at",
                 "sudo hcloud-agent doctor, or join group hcloud-agent"}};
    }
    if (facts.answer == DaemonFacts::Answer::not_running) return {not_running(facts)};
    Findings findings;
    complain(findings, "agent-problem", facts.host_problems,
             "what the kernel or the disk refuses it stays undone",
             "journalctl -u hcloud-agent; hcloud-agent status");
    if (facts.metadata_is_well) {
        complain(findings, "agent-metadata", facts.metadata_problems,
                 "it is answered otherwise than this command, which asked the same",
                 "a firewall or a drop-in of the unit may hold it back; journalctl -u "
                 "hcloud-agent");
    }
    if (facts.api_is_well) {
        complain(findings, "agent-api", facts.api_problems,
                 "it is answered otherwise than this command, which asked the same",
                 "it may have an older token or another proxy: systemctl restart hcloud-agent");
    }
    if (facts.api_is_well && facts.may_register) {
        complain(findings, "registration", facts.registration_problems,
                 "in its project, this server is not all that the register section says",
                 "hcloud-agent plan shows what is left to do; names are those of the project that "
                 "the token belongs to");
    }
    if (facts.version != facts.our_version) {
        findings.push_back(
            {"agent-version", Severity::note,
             fmt::format("version {} runs, {} is installed", facts.version, facts.our_version),
             "what the new version mends is not in force yet", "systemctl restart hcloud-agent"});
    }
    if (findings.empty()) findings.push_back(fine("agent", "the agent runs"));
    return findings;
}

}  // namespace hcloud::agent::doctor

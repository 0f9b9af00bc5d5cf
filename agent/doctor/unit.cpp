#include "agent/doctor/unit.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::agent::doctor {

namespace {

std::string value_of(const UnitFacts& facts, const char* key) {
    const auto found = facts.properties.find(key);
    return found != facts.properties.end() ? found->second : std::string();
}

bool has_word(const std::string& text, const std::string& word) {
    std::istringstream words(text);
    for (std::string one; words >> one;) {
        if (one == word) return true;
    }
    return false;
}

bool is_root(const std::string& user) {
    return user.empty() || user == "root" || user == "0";
}

void judge_enabled(const UnitFacts& facts, Findings& findings) {
    const auto state = value_of(facts, "UnitFileState");
    constexpr std::array kComesBack = {"enabled",  "enabled-runtime", "static", "alias",
                                       "indirect", "generated",       "linked"};
    const bool good =
        std::any_of(kComesBack.begin(), kComesBack.end(), [&](auto* s) { return state == s; });
    if (good) return;
    const bool transient = state == "transient";
    findings.push_back(
        {"unit-disabled", transient ? Severity::note : Severity::warning,
         fmt::format("hcloud-agent.service is {}", state.empty() ? "not enabled" : state),
         "after the next boot nobody configures private networks and floating IPs",
         transient ? "install the package for a unit that stays"
                   : "systemctl enable hcloud-agent"});
}

void judge_capability(const UnitFacts& facts, Findings& findings) {
    const std::string capability = "cap_net_admin";
    const bool root = is_root(value_of(facts, "User"));
    const bool bounded = has_word(value_of(facts, "CapabilityBoundingSet"), capability);
    const bool given = root || has_word(value_of(facts, "AmbientCapabilities"), capability);
    if (bounded && given) return;
    const auto drop_ins = value_of(facts, "DropInPaths");
    findings.push_back(
        {"unit-no-net-admin", Severity::error,
         fmt::format("the unit does not get CAP_NET_ADMIN ({})",
                     drop_ins.empty() ? value_of(facts, "FragmentPath") : drop_ins),
         "the kernel refuses every address and route that the agent wants to add",
         "systemctl cat hcloud-agent shows who sets CapabilityBoundingSet= or "
         "AmbientCapabilities=: take it out, then systemctl daemon-reload and systemctl restart "
         "hcloud-agent"});
}

/// What the packaged unit sets, and is not so here.
std::vector<std::string> weaknesses(const UnitFacts& facts) {
    std::vector<std::string> found;
    const auto expect = [&](const char* key, const char* wanted) {
        const auto is = value_of(facts, key);
        if (is != wanted) found.push_back(fmt::format("{}={}", key, is));
    };
    expect("NoNewPrivileges", "yes");
    expect("ProtectSystem", "strict");
    expect("PrivateDevices", "yes");
    expect("ProtectKernelModules", "yes");
    expect("RestrictNamespaces", "yes");
    expect("MemoryDenyWriteExecute", "yes");
    // Without the one that is needed, judge_capability() has told.
    const auto bounding = value_of(facts, "CapabilityBoundingSet");
    if (std::count(bounding.begin(), bounding.end(), ' ') > 0) {
        found.emplace_back("CapabilityBoundingSet with more than cap_net_admin");
    }
    if (is_root(value_of(facts, "User"))) found.emplace_back("User=root");
    return found;
}

void judge_sandbox(const UnitFacts& facts, Findings& findings) {
    // A unit that an administrator wrote has no sandbox of ours to be weakened.
    const auto fragment = value_of(facts, "FragmentPath");
    const bool packaged = fragment.starts_with("/usr/lib/") || fragment.starts_with("/lib/");
    const auto found = weaknesses(facts);
    if (!packaged || found.empty()) return;
    findings.push_back({"unit-sandbox", Severity::warning,
                        fmt::format("the unit's sandbox is weakened: {} ({})",
                                    fmt::join(found, ", "), value_of(facts, "DropInPaths")),
                        "the agent reads from the network and holds a token: it should have no "
                        "more rights than it needs",
                        "systemctl cat hcloud-agent shows which file sets it: take it out, then "
                        "systemctl daemon-reload and systemctl restart hcloud-agent"});
}

}  // namespace

const std::string& unit_properties() {
    static const std::string kProperties =
        "LoadState,ActiveState,SubState,Result,UnitFileState,FragmentPath,DropInPaths,User,"
        "AmbientCapabilities,CapabilityBoundingSet,NoNewPrivileges,ProtectSystem,PrivateDevices,"
        "ProtectKernelModules,RestrictNamespaces,MemoryDenyWriteExecute";
    return kProperties;
}

std::map<std::string, std::string> parse_properties(const std::string& text) {
    std::map<std::string, std::string> result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals != std::string::npos) result[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return result;
}

std::string failure_of(const UnitFacts& facts) {
    if (value_of(facts, "ActiveState") == "failed") return value_of(facts, "Result");
    return value_of(facts, "SubState") == "auto-restart" ? value_of(facts, "Result")
                                                         : std::string();
}

Findings judge(const UnitFacts& facts) {
    if (!facts.systemd) {
        return {{"no-systemd", Severity::note, "systemd does not manage this machine",
                 "nobody restarts the agent or feeds its watchdog but what you have for that",
                 "nothing has to be done in a container or a chroot"}};
    }
    if (facts.properties.empty()) {
        return {{"unit-not-seen", Severity::note, "systemctl gives no answer about the unit",
                 "whether it is enabled and sandboxed was not looked at",
                 "systemctl status hcloud-agent"}};
    }
    if (value_of(facts, "LoadState") != "loaded") {
        return {{"unit-missing", Severity::warning,
                 fmt::format("there is no hcloud-agent.service ({})", value_of(facts, "LoadState")),
                 "without it the agent does not start at boot",
                 "install the package, or unmask it: systemctl unmask hcloud-agent"}};
    }
    Findings findings;
    judge_enabled(facts, findings);
    judge_capability(facts, findings);
    judge_sandbox(facts, findings);
    if (findings.empty()) findings.push_back(fine("unit", "the unit is enabled and sandboxed"));
    return findings;
}

}  // namespace hcloud::agent::doctor

#include "agent/doctor/report.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent::doctor {

namespace {

constexpr std::array kSeverities = {Severity::ok, Severity::note, Severity::warning,
                                    Severity::error};

auto count(const Findings& findings, Severity severity) {
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& finding) { return finding.severity == severity; });
}

struct Mark {
    const char* word;
    const char* symbol;
    const char* colour;
};

Mark mark_of(Severity severity) {
    switch (severity) {
        case Severity::ok:
            return {"ok     ", "✓", "\x1b[32m"};
        case Severity::note:
            return {"note   ", "·", "\x1b[36m"};
        case Severity::warning:
            return {"WARNING", "!", "\x1b[33m"};
        case Severity::error:
            break;
    }
    return {"ERROR  ", "✗", "\x1b[31m"};
}

std::string line_of(const Finding& finding, const Style& style) {
    const auto mark = mark_of(finding.severity);
    std::string sign = style.symbols ? mark.symbol : mark.word;
    if (style.colour) sign = mark.colour + sign + "\x1b[0m";
    auto text = fmt::format("{} {} [{}]\n", sign, finding.what, finding.id);
    const char* indent = style.symbols ? "  " : "        ";
    if (!finding.why.empty()) text += fmt::format("{}why:  {}\n", indent, finding.why);
    if (!finding.mend.empty()) text += fmt::format("{}mend: {}\n", indent, finding.mend);
    return text;
}

std::string counted(std::ptrdiff_t number, const char* word) {
    return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

}  // namespace

nlohmann::json to_json(const Findings& findings) {
    nlohmann::json result = {{"findings", nlohmann::json::array()},
                             {"summary", nlohmann::json::object()}};
    for (const auto& finding : findings) {
        result["findings"].push_back({{"id", finding.id},
                                      {"severity", to_string(finding.severity)},
                                      {"what", finding.what},
                                      {"why", finding.why},
                                      {"mend", finding.mend}});
    }
    for (const auto severity : kSeverities) {
        result["summary"][to_string(severity)] = count(findings, severity);
    }
    return result;
}

std::string to_text(const Findings& findings, const Style& style) {
    std::string text;
    for (const auto severity : kSeverities) {
        for (const auto& finding : findings) {
            if (finding.severity == severity) text += line_of(finding, style);
        }
    }
    const auto errors = count(findings, Severity::error);
    const auto warnings = count(findings, Severity::warning);
    if (errors + warnings == 0) return text + "nothing wrong\n";
    return text + fmt::format("{}, {}\n", counted(errors, "error"), counted(warnings, "warning"));
}

}  // namespace hcloud::agent::doctor

// Findings for people and, in a stable form, for programs.
//
// The JSON form; keys are added, never renamed or removed:
//   {"findings": [{"id": "token-exposed", "severity": "ok|note|warning|error",
//                  "what": "…", "why": "…", "mend": "…"}, …],      in the order of the checks
//    "summary": {"ok": 9, "note": 0, "warning": 1, "error": 0}}
#pragma once

#include "agent/doctor/finding.h"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent::doctor {

nlohmann::json to_json(const Findings& findings);

struct Style {
    bool symbols = false;  // UTF-8 marks in place of words
    bool colour = false;
};

/// What is wrong comes last, nearest to the prompt.
std::string to_text(const Findings& findings, const Style& style);

}  // namespace hcloud::agent::doctor

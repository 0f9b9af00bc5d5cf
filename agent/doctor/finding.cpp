#include "agent/doctor/finding.h"

#include <algorithm>

namespace hcloud::agent::doctor {

const char* to_string(Severity severity) {
    switch (severity) {
        case Severity::ok:
            return "ok";
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "error";
}

bool any_wrong(const Findings& findings) {
    return std::any_of(findings.begin(), findings.end(), is_wrong);
}

}  // namespace hcloud::agent::doctor

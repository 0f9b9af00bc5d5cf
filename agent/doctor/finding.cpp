#include "agent/doctor/finding.h"

#include <algorithm>
#include <iterator>

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

void append(Findings& all, Findings more) {
    std::move(more.begin(), more.end(), std::back_inserter(all));
}

}  // namespace hcloud::agent::doctor

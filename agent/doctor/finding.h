// What `doctor` says about one thing it has looked at.
#pragma once

#include <string>
#include <vector>

namespace hcloud::agent::doctor {

enum class Severity {
    ok,       // looked at, and as it should be
    note,     // worth knowing; nothing has to be done
    warning,  // works now, or in part; will cost somebody an evening
    error,    // something that the configuration asks for does not work
};
const char* to_string(Severity severity);

struct Finding {
    std::string id;  // kebab-case and stable: scripts may rely on it
    Severity severity = Severity::ok;
    std::string what;
    std::string why;   // why it matters; empty if ok
    std::string mend;  // what to do, with the command where there is one; empty if ok
    bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

/// A warning or an error.
inline bool is_wrong(const Finding& finding) {
    return finding.severity >= Severity::warning;
}
bool any_wrong(const Findings& findings);
void append(Findings& all, Findings more);

inline Finding fine(const std::string& id, const std::string& what) {
    return {id, Severity::ok, what, {}, {}};
}

}  // namespace hcloud::agent::doctor

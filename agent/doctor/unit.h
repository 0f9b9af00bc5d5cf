// hcloud-agent.service: installed, enabled, running, and still in its sandbox.
#pragma once

#include "agent/doctor/finding.h"

#include <map>
#include <string>

namespace hcloud::agent::doctor {

struct UnitFacts {
    bool systemd = true;  // systemd manages this machine
    // As `systemctl show` prints them; empty: the manager could not be asked.
    std::map<std::string, std::string> properties;
};

/// The words for `systemctl show`: which properties judge() wants.
const std::string& unit_properties();
std::map<std::string, std::string> parse_properties(const std::string& text);

/// What is wrong with the unit, whether or not it runs.
Findings judge(const UnitFacts& facts);

/// "failed" in a word, or empty.
std::string failure_of(const UnitFacts& facts);

}  // namespace hcloud::agent::doctor

// The broken set-ups: each plants one fault for real, and names the one finding that it must give.
#pragma once

#include "tests/agent/doctor/patient.h"

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace hcloud::agent::doctor {

struct Broken {
    std::string name;
    std::string id;  // of the finding
    Severity severity = Severity::error;
    std::string said;  // a part of its text, by which the fault is recognised
    /// What it returns lives until doctor has looked.
    std::function<std::shared_ptr<void>(Patient&)> plant;
};

inline void PrintTo(const Broken& broken, std::ostream* out) {
    *out << broken.id;
}

std::vector<Broken> broken_cloud();    // identity, metadata, token, API
std::vector<Broken> broken_host();     // NICs, addresses, sysctls
std::vector<Broken> broken_service();  // unit, sandbox, configuration, other managers

}  // namespace hcloud::agent::doctor

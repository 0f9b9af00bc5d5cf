// A plan for people and for programs.
#pragma once

#include "agent/planner/plan.h"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent {

/// One change a line with its reason, then what is pending, held or adopted.
std::string plan_text(const Plan& plan, const host::Snapshot& observed);
nlohmann::json plan_json(const Plan& plan, const host::Snapshot& observed);

}  // namespace hcloud::agent

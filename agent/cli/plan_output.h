// A plan for people and for programs.
#pragma once

#include "agent/planner/plan.h"
#include "agent/planner/registration.h"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent {

/// One change a line with its reason, host before project, then what is pending, held or adopted.
std::string plan_text(const Plan& plan, const host::Snapshot& observed,
                      const RegistrationPlan& registration);
nlohmann::json plan_json(const Plan& plan, const host::Snapshot& observed,
                         const RegistrationPlan& registration);

}  // namespace hcloud::agent

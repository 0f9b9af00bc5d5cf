// Reading Actions; waiting for them is in actions.h.
#pragma once

#include "actions/cloud/types.h"

#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::cloud {

/// Of {"action": {…}}; throws FieldError.
Action parse_action(const nlohmann::json& answer);
/// Of {"actions": […]}; throws FieldError.
std::vector<Action> parse_actions(const nlohmann::json& answer);

}  // namespace hcloud::cloud

// What an answer says. Internal to this folder.
#pragma once

#include "actions/cloud/error.h"
#include "actions/cloud/transport.h"

#include <variant>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

/// The JSON object of a 2xx answer; else, or if it is none, what is wrong. To a change (of anything
/// but a GET) no body is an empty object.
std::variant<nlohmann::json, Error::Details> read_answer(const Reply& reply, bool to_a_change);

}  // namespace hcloud::cloud

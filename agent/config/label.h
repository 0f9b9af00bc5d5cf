// The API's grammar of labels, so that a bad one is found before any call.
#pragma once

#include "agent/config/values.h"

#include <optional>
#include <string_view>

namespace hcloud::agent::config {

/// What is wrong with the key of a label ("role", "example.com/role"); nothing if nothing is.
std::optional<Refusal> check_label_key(std::string_view key);
/// The same for its value, which may be empty.
std::optional<Refusal> check_label_value(std::string_view value);

}  // namespace hcloud::agent::config

// `api -d`: where a request's body comes from.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::agent {

/// JSON as the argument itself, from "@FILE", or from standard input for "-" and "@-". Throws
/// std::runtime_error that says where from, what was wrong and where.
nlohmann::json read_body(const std::string& data);

}  // namespace hcloud::agent

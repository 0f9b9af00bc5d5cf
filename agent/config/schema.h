// What the configuration may contain, for editors and other programs.
#pragma once

#include <string>

namespace hcloud::agent {

/// A JSON Schema (draft 2020-12), indented, with a newline at the end. It knows keys, types and
/// words; parse_config() also checks bounds, addresses and URLs, and is the authority.
std::string json_schema();

}  // namespace hcloud::agent

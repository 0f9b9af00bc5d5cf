// The commands of actions, which the state calls by name.
#pragma once

#include <string>

namespace hcloud::sim {

bool is_command(const std::string& name);
/// All of them, for people: "add_route, add_service, ...".
std::string command_names();

}  // namespace hcloud::sim

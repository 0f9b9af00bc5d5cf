// The state file: YAML in, State out.
#pragma once

#include "tests/simulator/state/state.h"

#include <stdexcept>
#include <string>

namespace hcloud::sim {

/// what() is "FILE:LINE: servers.42.location: …", for a person.
class StateFileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Throws StateFileError if the file cannot be read, is no YAML, or describes no legal state.
State load_state_file(const std::string& path);

/// The same for text; `name` stands for the file in messages.
State parse_state_text(const std::string& text, const std::string& name);

/// A small project to start with: shown by --help, and used when there is no --state.
extern const char* const kExampleState;

}  // namespace hcloud::sim

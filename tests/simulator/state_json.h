// State to JSON and back: the one place that knows the keys of the state document and their rules.
#pragma once

#include "tests/simulator/state.h"

#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// what() is "servers.42.location: …"; `where` is the place in the document.
class StateError : public std::runtime_error {
  public:
    StateError(nlohmann::json::json_pointer where, std::string reason);
    const nlohmann::json::json_pointer& where() const { return where_; }
    const std::string& reason() const { return reason_; }

  private:
    nlohmann::json::json_pointer where_;
    std::string reason_;
};

/// "/servers/42/location" -> "servers.42.location"
std::string dotted(const nlohmann::json::json_pointer& where);

/// Fills in defaults; throws StateError on an unknown key, a wrong type or value, a reference to
/// something that does not exist, or an address used twice.
State parse_state(const nlohmann::json& document);

/// Complete: parse_state(to_json(state)) == state.
nlohmann::json to_json(const State& state);

}  // namespace hcloud::sim

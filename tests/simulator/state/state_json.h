// State to JSON and back: the document's top level, and the rules between its parts. What a kind of
// resource looks like is in that kind's own file.
#pragma once

#include "tests/simulator/state/state.h"

namespace hcloud::sim {

/// Fills in defaults; throws StateError on an unknown key, a wrong type or value, a reference to
/// something that does not exist, or an address used twice.
State parse_state(const nlohmann::json& document);

/// Complete: parse_state(to_json(state)) == state.
nlohmann::json to_json(const State& state);

}  // namespace hcloud::sim

// Rules between the parts of a state.
#pragma once

#include "tests/simulator/state/state.h"

namespace hcloud::sim {

/// Throws StateError on a reference to something that does not exist, an address outside its
/// network, or one used twice.
void check_rules(const State& state);

}  // namespace hcloud::sim

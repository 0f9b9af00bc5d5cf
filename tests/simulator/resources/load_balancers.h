// Load balancers as others see them: servers and networks that show them, and are deleted.
#pragma once

#include "tests/simulator/world.h"

#include <vector>

namespace hcloud::sim {

/// Those that have the server among their targets, by its id or by a selector.
std::vector<Id> load_balancers_of(const State& state, Id server);
/// Those that are attached to the network.
std::vector<Id> load_balancers_in(const State& state, Id network);

/// Those with a service that uses the certificate.
std::vector<Id> load_balancers_using(const State& state, Id certificate);

/// For a network that is deleted.
void detach_load_balancers(State& state, Id network);
/// For a server that is deleted.
void remove_from_load_balancers(State& state, Id server);

}  // namespace hcloud::sim

// Subnets and routes as requests describe them.
#pragma once

#include "tests/simulator/input_fields.h"
#include "tests/simulator/state/network.h"
#include "tests/simulator/state/switches.h"

namespace hcloud::sim {

// Both refuse what the network, as it is, cannot take; its own range must be legal.

/// Without an ip_range it gets the first free /24.
Subnet read_subnet(InputFields& fields, const Network& network);
Route read_route(InputFields& fields, const Network& network, const Switches& switches);

}  // namespace hcloud::sim

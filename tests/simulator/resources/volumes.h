// What others do with volumes: servers that are created with some, shown, and deleted.
#pragma once

#include "tests/simulator/action.h"
#include "tests/simulator/world.h"

#include <string>
#include <vector>

namespace hcloud::sim {

/// Throws ApiError unless the volume is there, free and in that location.
void require_attachable(const World& world, Id volume, const std::string& location);
/// An action that attaches it; whether it may be is for the caller to ask first.
ActionPlan attach_volume_plan(Id volume, Id server);

/// Throws ApiError if a server cannot have so many.
void require_room_for_volumes(std::size_t count);
std::vector<Id> volumes_of(const State& state, Id server);
/// For a server that is deleted.
void detach_volumes(State& state, Id server);

}  // namespace hcloud::sim

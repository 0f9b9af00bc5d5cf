// Takes this server out of its load balancers, and leaves it out.
#pragma once

#include "actions/cloud/client.h"
#include "agent/config/config.h"
#include "agent/registration/actor.h"
#include "agent/registration/files.h"

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent {

struct DrainResult {
    std::vector<CloudStep> steps;
    std::vector<std::string> problems;  // it may still be a target
    /// How long the connections that stand are given from now on: nothing if it was no target.
    std::chrono::milliseconds wait{0};
};

/// Of those of `names` that the configuration has. What is drained is on disk before anything else
/// happens, so that an agent at work does not undo it. Blocks for `limit` at most; throws nothing.
DrainResult drain(cloud::Client& client, RegistrationStore& store, const Config::Register& wanted,
                  std::int64_t server, const std::set<std::string>& names,
                  std::chrono::milliseconds limit);

/// Adds to what is drained; what cannot be read is written anew. Throws RegistrationFileError.
void remember_drained(RegistrationStore& store, const std::set<std::string>& names);

}  // namespace hcloud::agent

// What the commands share that change this server in its project.
#pragma once

#include "actions/cloud/client.h"
#include "agent/cli/invocation.h"

#include <cstdint>
#include <memory>
#include <stdexcept>

namespace hcloud::agent {

/// Not permitted: no token, or an identity that is not proven.
class NotPermittedError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A client with the agent's token. Throws NotPermittedError without one.
std::unique_ptr<cloud::Client> project_client(const Config& config);

/// This server's id, as sure as identity.verify wants it: by the running agent, or else by metadata
/// and the DMI serial number. Throws NotPermittedError, or std::runtime_error if neither answers.
std::int64_t this_server(const Invocation& invocation, const Config& config);

}  // namespace hcloud::agent

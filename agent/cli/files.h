// What the commands share: the kernel, the files in the runtime directory, and telling of problems.
#pragma once

#include "actions/host/network.h"
#include "agent/cli/invocation.h"
#include "agent/daemon/sources.h"
#include "agent/registration/files.h"

#include <filesystem>
#include <memory>

namespace hcloud::agent {

/// The real kernel. $HCLOUD_AGENT_KERNEL=5.17 makes it behave as one without IFA_PROTO, for tests.
std::unique_ptr<host::Network> open_network();

std::filesystem::path ledger_path(const Invocation& invocation);

RegistrationFiles registration_files(const Invocation& invocation);

/// Held by whoever changes the host: `run` or `apply`, one at a time on a machine.
class RuntimeLock {
  public:
    /// Makes the runtime directory if need be. Throws LockedError if another agent holds the lock,
    /// std::system_error if the directory cannot be used.
    explicit RuntimeLock(const Invocation& invocation);
    ~RuntimeLock();
    RuntimeLock(const RuntimeLock&) = delete;
    RuntimeLock& operator=(const RuntimeLock&) = delete;

  private:
    int fd_;
};

class LockedError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Prints what the sources complain of to stderr; the exit code that follows from it, kExitDone if
/// none.
int report_problems(const Sources& sources);

}  // namespace hcloud::agent

// The exit codes of the public contract (those above 63 are sysexits.h's).
#pragma once

#include "actions/cloud/error.h"

namespace hcloud::agent {

enum ExitCode : int {
    kExitDone = 0,
    kExitFailed = 1,
    kExitPlanHasChanges = 2,
    kExitUsage = 64,
    kExitNotReachable = 69,
    kExitTryAgain = 75,
    kExitNotPermitted = 77,
    kExitBadConfig = 78,
};

/// What a failed API call means to whoever called the command.
ExitCode exit_code_of(const cloud::Error& error);

}  // namespace hcloud::agent

#include "agent/cli/exit_code.h"

namespace hcloud::agent {

ExitCode exit_code_of(const cloud::Error& error) {
    // Not 69 or 75: a script that tries again might do it twice.
    if (error.outcome_unknown() || error.kind() == cloud::ErrorKind::too_large) return kExitFailed;
    const bool unanswered = error.details().http_status == 0;
    switch (error.error_class()) {
        case cloud::ErrorClass::not_permitted:
            return kExitNotPermitted;
        case cloud::ErrorClass::retry_now:
        case cloud::ErrorClass::retry_later:
            return unanswered ? kExitNotReachable : kExitTryAgain;
        case cloud::ErrorClass::already_so:
        case cloud::ErrorClass::gone:
        case cloud::ErrorClass::our_fault:
            // A certificate or a proxy that is wrong: nobody was reached either.
            return unanswered ? kExitNotReachable : kExitFailed;
    }
    return kExitFailed;
}

}  // namespace hcloud::agent

// Why there is no complete answer: what a transport throws and the client turns into cloud::Error.
#pragma once

#include "actions/cloud/error.h"

#include <string>

namespace hcloud::cloud {

struct Failure {
    ErrorKind kind = ErrorKind::broken;
    std::string detail = {};
    /// Whether the API may have got the request, and done what it says.
    bool sent = false;
    /// retry_now: another try may help, by the client itself.
    ErrorClass error_class = ErrorClass::retry_now;
    Stage stage = Stage::other;
};

}  // namespace hcloud::cloud

// Why there is no complete answer: what the connection throws and the client turns into
// cloud::Error. Internal to this folder.
#pragma once

#include "actions/cloud/error.h"

#include <string>

namespace hcloud::cloud {

struct Failure {
    ErrorKind kind = ErrorKind::broken;
    std::string detail;
    bool unanswered = false;  // broken before a byte of the answer
};

}  // namespace hcloud::cloud

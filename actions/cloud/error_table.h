// What each error code and each bare HTTP status means: the one place where that is decided.
#pragma once

#include "actions/cloud/error.h"

#include <string_view>

namespace hcloud::cloud {

/// How the client tries the same request again, within the deadline of the call.
enum class Again {
    never,
    quickly,      // somebody else changed the resource in between
    backing_off,  // a fault of the service
    refilled,     // the rate limit's bucket gets one request a second
    unlocked,     // an action of the same resource is running
};

struct ErrorRule {
    std::string_view code;  // empty for what a bare status means
    int status;             // as documented; 0 where nobody has said
    ErrorClass error_class;
    Again again;
};

/// By the code; by the status where the code is empty or unknown.
const ErrorRule& rule_of(std::string_view code, int status);

}  // namespace hcloud::cloud

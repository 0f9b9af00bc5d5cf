#include "actions/host/network.h"

#include <system_error>

namespace hcloud::host {

Error::Error(const std::string& context, int code)
    : std::runtime_error(context + ": " + std::generic_category().message(code)), code_(code) {}

}  // namespace hcloud::host

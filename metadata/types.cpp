#include "metadata/types.h"

namespace hcloud::metadata {

std::string to_string(const Error& error) {
    return error.request + " failed: " + error.detail;
}

}  // namespace hcloud::metadata

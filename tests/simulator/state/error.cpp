#include "tests/simulator/state/error.h"

#include <algorithm>

namespace hcloud::sim {

StateError::StateError(nlohmann::json::json_pointer where, std::string reason)
    : std::runtime_error(where.empty() ? reason : dotted(where) + ": " + reason),
      where_(std::move(where)),
      reason_(std::move(reason)) {}

std::string dotted(const nlohmann::json::json_pointer& where) {
    std::string text = where.to_string();
    if (!text.empty()) text.erase(0, 1);
    std::replace(text.begin(), text.end(), '/', '.');
    return text;
}

}  // namespace hcloud::sim

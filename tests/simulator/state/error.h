// What is wrong with a state document, and where.
#pragma once

#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// what() is "servers.42.location: …"; `where` is the place in the document.
class StateError : public std::runtime_error {
  public:
    StateError(nlohmann::json::json_pointer where, std::string reason);
    const nlohmann::json::json_pointer& where() const { return where_; }
    const std::string& reason() const { return reason_; }

  private:
    nlohmann::json::json_pointer where_;
    std::string reason_;
};

/// "/servers/42/location" -> "servers.42.location"
std::string dotted(const nlohmann::json::json_pointer& where);

}  // namespace hcloud::sim

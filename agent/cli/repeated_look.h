// Asking the running agent again and again until something is so, or time is over.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::agent {

class RepeatedLook {
  public:
    RepeatedLook(std::filesystem::path socket, std::string resource,
                 std::chrono::milliseconds limit);

    /// What the agent says now; waits until the end at most. Throws as ask_control_socket() does.
    nlohmann::json ask() const;
    /// A pause before the next look; false, at once, if the end would come first.
    bool pause() const;

  private:
    std::filesystem::path socket_;
    std::string resource_;
    std::chrono::steady_clock::time_point end_;
};

/// Of an item of the status, as the planner's is_there().
bool is_there(const nlohmann::json& item);

}  // namespace hcloud::agent

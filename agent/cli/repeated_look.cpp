#include "agent/cli/repeated_look.h"

#include "agent/daemon/control_socket.h"
#include "agent/planner/plan.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Short against what a script does next, and next to nothing for the agent: it answers in a
// fraction of a millisecond.
constexpr milliseconds kPause{100};

}  // namespace

RepeatedLook::RepeatedLook(std::filesystem::path socket, std::string resource, milliseconds limit)
    : socket_(std::move(socket)),
      resource_(std::move(resource)),
      end_(steady_clock::now() + limit) {}

nlohmann::json RepeatedLook::ask() const {
    const auto left = std::chrono::duration_cast<milliseconds>(end_ - steady_clock::now());
    return ask_control_socket(socket_, resource_, std::clamp(left, kPause, kControlSocketLimit));
}

bool RepeatedLook::pause() const {
    if (steady_clock::now() + kPause > end_) return false;
    std::this_thread::sleep_for(kPause);
    return true;
}

bool is_there(const nlohmann::json& item) {
    const auto& state = item.at("state");
    return state == to_string(ItemState::configured) || state == to_string(ItemState::adopted);
}

}  // namespace hcloud::agent

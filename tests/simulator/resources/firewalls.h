// What others do with firewalls: servers that are created with some, shown, and deleted.
#pragma once

#include "tests/simulator/action.h"
#include "tests/simulator/world.h"

#include <string>
#include <vector>

namespace hcloud::sim {

inline constexpr std::size_t kMaxFirewallsPerServer = 5;

/// Whether the firewall is for that server, by its id or by a selector; never for a server without
/// a public interface.
bool applies_to(const State& state, const Firewall& firewall, Id server);
/// The servers that a selector means now.
std::vector<Id> selected_servers(const State& state, const std::string& selector);
/// What a server shows of its firewalls.
nlohmann::json server_firewalls_json(const World& world, Id server);

/// An action that applies it; whether it may be is for the caller to ask first.
ActionPlan apply_firewall_plan(Id firewall, Id server);
/// For a server that is deleted.
void remove_from_firewalls(State& state, Id server);

}  // namespace hcloud::sim

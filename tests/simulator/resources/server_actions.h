// What the files about servers share. Each of them adds some of POST /servers/{id}/actions/….
#pragma once

#include "tests/simulator/resources/kinds.h"

#include <functional>
#include <string>

namespace hcloud::sim {

void add_server_access(Router& router);
void add_server_creation(Router& router);
void add_server_deletion(Router& router);
void add_server_images(Router& router);
void add_server_metrics(Router& router);
void add_server_networks(Router& router);
void add_server_power(Router& router);
void add_server_settings(Router& router);
void add_server_setup(Router& router);

/// Registers POST /servers/{id}/actions/NAME; the id is that of a server that exists.
void add_server_action(Router& router, const std::string& name,
                       std::function<Response(World&, Id, const Request&)> handle);

/// 201 with an action of the server alone that does `change` when it ends; 423 if it is locked.
Response change_server(World& world, Id id, const char* command,
                       std::function<void(Server&)> change);
ActionPlan plan_server_change(Id id, const char* command, std::function<void(Server&)> change);
/// Fails for a server whose creation has failed.
ActionPlan start_server_plan(Id id);
/// 201 {"action": …} and what is in `more`.
Response created_with(World& world, ActionPlan plan, nlohmann::json more);

/// Throws ApiError 422 server_not_stopped.
void require_stopped(const Server& server);
/// Never the same twice.
std::string made_up_password(World& world);

}  // namespace hcloud::sim

// The handlers, one file for each resource; a new resource is a new file and a line here and in
// simulation.cpp.
#pragma once

#include "tests/simulator/faults.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/router.h"

namespace hcloud::sim {

void add_actions(Router& router);
void add_floating_ips(Router& router);
void add_networks(Router& router);
void add_servers(Router& router);
void add_server_networks(Router& router);
void add_metadata(Router& router);
/// The book and the log must outlive the router.
void add_admin(Router& router, FaultBook& faults, RequestLog& log);

/// For handlers of other resources.
/// Throws ApiError 404.
const Server& require_server(const State& state, Id id);
nlohmann::json action_json(const World& world, const Action& action);
Response list_actions(const World& world, const Request& request, const Resource& resource);

}  // namespace hcloud::sim

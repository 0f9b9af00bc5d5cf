// The handlers, one file for each resource; a new resource is a new file in resources/ and a line
// here and in simulation.cpp.
#pragma once

#include "tests/simulator/faults.h"
#include "tests/simulator/request_log.h"
#include "tests/simulator/router.h"

#include <functional>
#include <string>

namespace hcloud::sim {

void add_actions(Router& router);
void add_certificates(Router& router);
void add_firewalls(Router& router);
void add_floating_ips(Router& router);
void add_images(Router& router);
void add_isos(Router& router);
void add_load_balancer_types(Router& router);
void add_locations(Router& router);
void add_load_balancers(Router& router);
void add_networks(Router& router);
void add_network_actions(Router& router);
void add_primary_ips(Router& router);
void add_primary_ip_actions(Router& router);
void add_placement_groups(Router& router);
void add_pricing(Router& router);
void add_server_types(Router& router);
void add_servers(Router& router);
void add_volumes(Router& router);
void add_ssh_keys(Router& router);
void add_metadata(Router& router);
/// Changes the state by a merge patch (RFC 7386) of its document. Throws StateError, and changes
/// nothing, if that makes no legal state.
void patch_state(World& world, const nlohmann::json& patch);
/// The book and the log must outlive the router.
void add_admin(Router& router, FaultBook& faults, RequestLog& log);

nlohmann::json action_json(const World& world, const Action& action);
/// The four endpoints that list and get the actions of one kind of resource; `require` throws
/// ApiError 404 for a resource that does not exist.
void add_actions_of_kind(Router& router, const std::string& plural, const std::string& type,
                         std::function<void(const World&, Id)> require);

}  // namespace hcloud::sim

// What the endpoints of load balancers share; each part of a load balancer has its own file.
#pragma once

#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/load_balancer_types.h"

#include <functional>
#include <string>
#include <vector>

namespace hcloud::sim {

nlohmann::json load_balancer_json(const World& world, Id id, const LoadBalancer& balancer);
const LoadBalancerType& type_of(const LoadBalancer& balancer);

/// 201 with an action that makes that change when it ends. Throws ApiError if the load balancer is
/// being changed already.
Response change_load_balancer(World& world, const char* command, Id id,
                              std::function<void(LoadBalancer&)> change);
/// Throws ApiError 403 if there are more than the type allows.
void require_within(int limit, std::size_t count, const std::string& what);

// Services

/// Reads a service; what the body does not say is as in `base`.
LoadBalancerService read_service(InputFields& fields, LoadBalancerService base);
/// The protocol's standard one as base.
LoadBalancerService read_new_service(InputFields& fields);
/// Throws ApiError if the load balancer cannot have it beside its services but the one on port
/// `but`.
void require_service(const World& world, const LoadBalancer& balancer,
                     const LoadBalancerService& service, std::int64_t but = 0);
void add_load_balancer_services(Router& router);

// Targets

/// The server's address that the load balancer sends its traffic to, if it has that.
std::optional<std::string> destination_of(const State& state, const LoadBalancer& balancer,
                                          Id server, bool use_private_ip);
/// Whether it has.
bool can_reach(const State& state, const LoadBalancer& balancer, Id server, bool use_private_ip);
/// The servers that the selector's target means now: those that can be reached.
std::vector<Id> selected_targets(const State& state, const LoadBalancer& balancer,
                                 const LoadBalancerTarget& target);
LoadBalancerTarget read_target(InputFields& fields);
/// Throws ApiError if the load balancer cannot have it beside its targets.
void require_target(const World& world, const LoadBalancer& balancer,
                    const LoadBalancerTarget& target);
/// Whether the load balancer needs its public interface for it.
bool is_public(const State& state, const LoadBalancer& balancer, const LoadBalancerTarget& target);
void add_load_balancer_targets(Router& router);

// Networks

/// The place in the network for a request without, or with, an address and a subnet's range.
/// Throws ApiError.
LoadBalancerNet find_place(const World& world, const LoadBalancer& balancer, Id network,
                           const std::optional<std::string>& ip = std::nullopt,
                           const std::optional<std::string>& ip_range = std::nullopt);
/// Throws ApiError unless it can do without its public interface.
void require_private(const State& state, const LoadBalancer& balancer);
void add_load_balancer_networks(Router& router);

}  // namespace hcloud::sim

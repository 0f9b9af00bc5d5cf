// The planner's other half: what the configuration registers this server with, against what the
// project has. Pure, like make_plan().
//
// What others have set is never touched: a label, alias IP, firewall or target is removed only if
// the record says that this agent made it, and the configuration no longer names it.
#pragma once

#include "actions/cloud/types.h"
#include "agent/config/config.h"
#include "agent/planner/cloud_change.h"
#include "agent/planner/plan.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hcloud::agent {

/// What a name or id in the configuration stands for; or why that is not known.
template <typename T>
struct Lookup {
    std::optional<T> resource;
    std::string problem;
};
template <typename T>
using Lookups = std::map<std::string, Lookup<T>>;  // by what the configuration says

/// What the project has, as far as it concerns this server.
struct ProjectView {
    cloud::Server server;
    Lookups<cloud::Firewall> firewalls;
    Lookups<cloud::Network> networks;
    Lookups<cloud::LoadBalancer> load_balancers;
    std::vector<cloud::FloatingIp> floating_ips;  // this server's, if their reverse DNS matters
};

/// What this agent made, and with which value (of a label). Outlives a reboot, as the project does.
using RegistrationRecord = std::map<Key, std::string>;

struct RegistrationInput {
    Config::Register wanted;
    ProjectView project;
    RegistrationRecord record;
    std::set<Key> held;
    std::map<Key, std::string> refused;  // why the latest try failed
    std::set<std::string> drained;       // load balancers, as the configuration calls them
};

struct PlannedCloudChange {
    CloudChange change;
    std::string reason;
    bool operator==(const PlannedCloudChange&) const = default;
};

struct RegistrationPlan {
    std::vector<PlannedCloudChange> changes;  // in the order in which they are to be made
    std::vector<Item> items;
    /// The record as it has to be on disk before the changes are made.
    RegistrationRecord record;
    /// What only a person can mend, each with how.
    std::vector<std::string> problems;
    bool operator==(const RegistrationPlan&) const = default;
};

RegistrationPlan plan_registration(const RegistrationInput& input);

/// This server's place in the network; nullptr if it has none.
const cloud::Server::PrivateNet* place_in(const cloud::Server& server, std::int64_t network);

/// Whether a target of the load balancer is this server: by itself, or by a label selector.
struct TargetOf {
    const cloud::LoadBalancer::Target* direct = nullptr;
    const cloud::LoadBalancer::Target* through = nullptr;  // the label selector's
    const cloud::LoadBalancer::Target* member = nullptr;   // this server, in it
};
TargetOf target_of(const cloud::LoadBalancer& load_balancer, std::int64_t server);

/// "through the label selector role=web"
std::string through(const std::optional<std::string>& label_selector);

/// Whether a firewall is applied to this server by itself, or by a label selector.
struct AppliedTo {
    bool direct = false;
    const cloud::Firewall::Target* through = nullptr;
};
AppliedTo applied_to(const cloud::Firewall& firewall, std::int64_t server);

}  // namespace hcloud::agent

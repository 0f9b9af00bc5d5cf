#include "agent/registration/lookups.h"

#include "actions/cloud/firewalls.h"
#include "actions/cloud/floating_ips.h"
#include "actions/cloud/load_balancers.h"
#include "actions/cloud/networks.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

// What stands for nothing is looked for again, in case somebody made it meanwhile.
constexpr std::chrono::minutes kMissingFor{5};
// A load balancer's target may change its address unseen: this server's own view shows only which
// load balancers there are.
constexpr std::chrono::minutes kFoundFor{10};
constexpr std::chrono::seconds kHealthFor{5};

const std::vector<std::int64_t>& floating_ips_of(const Config::Register& wanted,
                                                 const cloud::Server& server) {
    static const std::vector<std::int64_t> none;
    const bool matter = wanted.reverse_dns_floating_ips && !wanted.reverse_dns.empty();
    return matter && server.floating_ips ? *server.floating_ips : none;
}

bool lists(const cloud::Server& server, std::int64_t balancer) {
    const auto& ids = *server.load_balancers;
    return std::find(ids.begin(), ids.end(), balancer) != ids.end();
}

const cloud::LoadBalancer::Target* target_in(const cloud::LoadBalancer& balancer,
                                             std::int64_t server) {
    const auto target = target_of(balancer, server);
    return target.direct != nullptr ? target.direct : target.member;
}

bool health_unknown(const cloud::LoadBalancer& balancer, std::int64_t server) {
    const auto* target = target_in(balancer, server);
    if (target == nullptr || !balancer.services || balancer.services->empty()) return false;
    const auto& health = target->health_status;
    return health.empty() || std::any_of(health.begin(), health.end(), [](const auto& one) {
               return one.status.empty() || one.status == "unknown";
           });
}

template <typename Entries>
auto lookups_of(const Entries& entries) {
    std::map<std::string, decltype(entries.begin()->second.lookup)> result;
    for (const auto& [name, entry] : entries)
        result[name] = entry.lookup;
    return result;
}

}  // namespace

template <typename T>
bool ProjectLookups::is_fresh(const Entries<T>& entries, const std::string& name,
                              Clock::time_point now) {
    const auto found = entries.find(name);
    if (found == entries.end()) return false;
    return found->second.lookup.resource || now - found->second.at < kMissingFor;
}

bool ProjectLookups::is_fresh_balancer(const std::string& name, const cloud::Server& server,
                                       Clock::time_point now) const {
    if (!is_fresh(load_balancers_, name, now)) return false;
    const auto& entry = load_balancers_.at(name);
    if (!entry.lookup.resource) return true;
    if (now - entry.at >= kFoundFor) return false;
    const auto& balancer = *entry.lookup.resource;
    if (!server.load_balancers) return true;
    const auto target = target_of(balancer, server.id);
    // The list may hold those that cover this server by a label selector; nobody has said.
    if (lists(server, balancer.id)) return target.direct != nullptr || target.through != nullptr;
    return target.direct == nullptr || unlisted_.contains(balancer.id);
}

bool ProjectLookups::fresh(const Config::Register& wanted, const cloud::Server& server,
                           Clock::time_point now) const {
    for (const auto& name : wanted.firewalls) {
        if (!is_fresh(firewalls_, name, now)) return false;
    }
    for (const auto& network : wanted.networks) {
        if (!is_fresh(networks_, network.name, now)) return false;
    }
    for (const auto& balancer : wanted.load_balancers) {
        if (!is_fresh_balancer(balancer.name, server, now)) return false;
    }
    for (const auto id : floating_ips_of(wanted, server)) {
        const auto found = floating_ips_.find(id);
        if (found == floating_ips_.end() || now - found->second.at >= kFoundFor) return false;
    }
    return true;
}

template <typename T, typename Find>
void ProjectLookups::look_up(Entries<T>& entries, const std::string& name, const char* kind,
                             Find find, cloud::Client& client) {
    Lookup<T> lookup;
    try {
        lookup.resource = find(client, name, cloud::CallOptions{});
        if (!lookup.resource) {
            lookup.problem = fmt::format(
                "the project has no {} \"{}\": make it, or mend its name in the configuration",
                kind, name);
        }
    } catch (const cloud::Error& error) {
        lookup.problem = error.what();
    }
    entries[name] = {std::move(lookup), client.now()};
}

void ProjectLookups::refresh(cloud::Client& client, const Config::Register& wanted,
                             const cloud::Server& server) {
    const auto now = client.now();
    for (const auto& name : wanted.firewalls) {
        if (is_fresh(firewalls_, name, now)) continue;
        look_up(firewalls_, name, "firewall", cloud::find_firewall, client);
    }
    for (const auto& network : wanted.networks) {
        if (is_fresh(networks_, network.name, now)) continue;
        look_up(networks_, network.name, "network", cloud::find_network, client);
    }
    for (const auto& [name, use_private_ip, drain] : wanted.load_balancers) {
        if (is_fresh_balancer(name, server, now)) continue;
        look_up(load_balancers_, name, "load balancer", cloud::find_load_balancer, client);
        const auto& found = load_balancers_[name].lookup.resource;
        if (!found || !server.load_balancers) continue;
        const bool direct = target_of(*found, server.id).direct != nullptr;
        if (direct && !lists(server, found->id)) unlisted_.insert(found->id);
    }
    for (const auto id : floating_ips_of(wanted, server)) {
        const auto known = floating_ips_.find(id);
        if (known != floating_ips_.end() && now - known->second.at < kFoundFor) continue;
        Lookup<cloud::FloatingIp> lookup;
        try {
            lookup.resource = cloud::get_floating_ip(client, id);
        } catch (const cloud::Error& error) {
            lookup.problem = error.what();
        }
        floating_ips_[id] = {std::move(lookup), client.now()};
    }
}

void ProjectLookups::expire(Clock::time_point time) {
    const auto old = [time](const auto& entry) { return entry.second.at < time; };
    std::erase_if(firewalls_, old);
    std::erase_if(networks_, old);
    std::erase_if(load_balancers_, old);
    std::erase_if(floating_ips_, old);
}

void ProjectLookups::expire_unknown_health(const cloud::Server& server, Clock::time_point now) {
    std::erase_if(load_balancers_, [&](const auto& entry) {
        const auto& [lookup, at] = entry.second;
        return lookup.resource && now - at >= kHealthFor &&
               health_unknown(*lookup.resource, server.id);
    });
}

void ProjectLookups::expire_load_balancer(std::int64_t id) {
    std::erase_if(load_balancers_, [&](const auto& entry) {
        const auto& resource = entry.second.lookup.resource;
        return resource && resource->id == id;
    });
}

ProjectView ProjectLookups::view(const Config::Register& wanted,
                                 const cloud::Server& server) const {
    ProjectView view{
        server, lookups_of(firewalls_), lookups_of(networks_), lookups_of(load_balancers_), {}};
    for (const auto id : floating_ips_of(wanted, server)) {
        const auto found = floating_ips_.find(id);
        if (found == floating_ips_.end() || !found->second.lookup.resource) continue;
        view.floating_ips.push_back(*found->second.lookup.resource);
    }
    return view;
}

bool ProjectLookups::health_known(const Config::Register& wanted, std::int64_t server) const {
    return std::none_of(
        wanted.load_balancers.begin(), wanted.load_balancers.end(), [&](const auto& balancer) {
            const auto found = load_balancers_.find(balancer.name);
            return found != load_balancers_.end() && found->second.lookup.resource &&
                   health_unknown(*found->second.lookup.resource, server);
        });
}

}  // namespace hcloud::agent

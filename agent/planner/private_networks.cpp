// Private networks: link, primary address, routes and alias IPs (FACTS: a /32 with the network
// behind an on-link gateway, MTU 1450; DHCP brings the primary address only, and not always).
#include "agent/planner/draft.h"
#include "agent/planner/routes.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

// Above what DHCP clients use (0 to 1024), so that a default route of theirs wins and is not
// blocked.
constexpr std::uint32_t kDefaultRouteMetric = 2048;

host::Address extra_address(int link, const host::IpAddress& ip) {
    host::Address address;
    address.link = link;
    address.prefix = host::Prefix::host(ip);
    address.scope = host::Scope::host;  // never a source address, whatever order addresses come in
    address.protocol = host::kProtocol;
    return address;
}

host::Route route_of_ours(int link, const host::Prefix& destination) {
    host::Route route;
    route.link = link;
    route.destination = destination;
    route.protocol = host::kProtocol;
    return route;
}

// A bridge or macvlan shares the MAC of its NIC: the link that has the address is the right one.
const host::Link* link_of(const Draft& draft, const PrivateNetwork& network) {
    const host::Link* first = nullptr;
    for (const auto& link : draft.observed().links) {
        if (link.mac != network.mac) continue;
        if (draft.find_address(link.index, network.ip) != nullptr) return &link;
        if (first == nullptr) first = &link;
    }
    return first;
}

bool reaches_on_link(const Draft& draft, const host::Link& link, const host::IpAddress& gateway) {
    const auto& routes = draft.observed().routes;
    return std::any_of(routes.begin(), routes.end(), [&](const host::Route& route) {
        return !Draft::is_ours(route) && route.link == link.index && !route.gateway &&
               route.destination.length > 0 && route.destination.contains(gateway);
    });
}

bool want_primary(Draft& draft, const host::Link& link, const PrivateNetwork& network) {
    const auto* here = draft.find_address(link.index, network.ip);
    const auto* foreign = here == nullptr        ? draft.find_foreign(network.ip)
                          : draft.is_ours(*here) ? nullptr
                                                 : here;
    if (foreign != nullptr) {
        // As it is: whoever configured it chose its prefix length and scope.
        draft.want(*foreign, purpose::kPrivate, {});
        return foreign == here;
    }
    auto address = extra_address(link.index, network.ip);
    address.scope = host::Scope::universe;
    const bool there = here != nullptr;
    const bool in_charge = there || draft.in_ledger(link.index, address.prefix);
    if (!in_charge && !draft.input().grace_over.contains(network.mac)) {
        draft.wait_for_dhcp(network.mac);
        draft.pending(purpose::kPrivate, network.ip, &link, kLeftToDhcp);
        return false;
    }
    const auto reason = in_charge
                            ? fmt::format("address of private network {} is missing", network.name)
                            : fmt::format("DHCP left private network {} undone", network.name);
    if (!there && !draft.want_link_ready(link, kPrivateMtu, reason)) {
        draft.pending(purpose::kPrivate, network.ip, &link,
                      "the kernel refuses to set the link up");
        return false;
    }
    return draft.want(address, purpose::kPrivate, reason);
}

void want_routes(Draft& draft, const host::Link& link, const PrivateNetwork& network) {
    const auto reason = fmt::format("private network {} is not reachable", network.name);
    if (!reaches_on_link(draft, link, network.gateway)) {
        auto route = route_of_ours(link.index, host::Prefix::host(network.gateway));
        route.scope = host::Scope::link;
        draft.want(route, reason);
    }
    auto route = route_of_ours(link.index, network.network);
    route.gateway = network.gateway;
    route.source = network.ip;
    draft.want(route, reason);
}

void want_default_route(Draft& draft, const host::Link& link, const PrivateNetwork& network) {
    const auto& routes = draft.observed().routes;
    const auto other = std::find_if(routes.begin(), routes.end(), [&](const host::Route& route) {
        return !Draft::is_ours(route) && route.destination == host::Prefix{} &&
               route.link != link.index;
    });
    if (other != routes.end()) return;  // a server with a way out keeps it; ours is withdrawn
    auto route = route_of_ours(link.index, host::Prefix{});
    route.gateway = network.gateway;
    route.source = network.ip;
    route.metric = kDefaultRouteMetric;
    draft.want(route, "default_route: private");
}

// Whether the network's routes can be used now.
bool place(Draft& draft, const host::Link& link, const PrivateNetwork& network) {
    const bool was_there = draft.find_address(link.index, network.ip) != nullptr;
    const auto route = "route " + network.network.to_string();
    if (!want_primary(draft, link, network)) {
        draft.keep_routes(link, route, "waits for the address");
        return false;
    }
    if (was_there && !link.up) {
        draft.keep_routes(link, route, link.name + " is set down; its routes come back with it");
        return false;
    }
    want_routes(draft, link, network);
    return true;
}

void draft_network(Draft& draft, const PrivateNetwork& network, bool& default_route_wanted) {
    const auto* link = link_of(draft, network);
    const auto missing = fmt::format("no NIC with MAC {} yet", network.mac);
    const bool automatic = draft.desired().private_mode == PrivateMode::automatic;
    if (automatic && link == nullptr) {
        draft.pending(purpose::kPrivate, network.ip, nullptr, missing);
    } else if (automatic && place(draft, *link, network) && default_route_wanted) {
        want_default_route(draft, *link, network);
    }
    // The first network alone: a default route that wanders with whoever is up would break
    // connections.
    default_route_wanted = false;
    for (const auto& ip : network.alias_ips) {
        if (link == nullptr) {
            draft.pending(purpose::kAlias, ip, nullptr, missing);
        } else {
            draft.want(extra_address(link->index, ip), purpose::kAlias,
                       fmt::format("alias IP in private network {} is missing", network.name));
        }
    }
}

}  // namespace

void draft_private_networks(Draft& draft) {
    if (draft.desired().private_mode == PrivateMode::off) return;
    bool default_route = draft.desired().private_default_route;
    for (const auto& network : draft.desired().private_networks.list) {
        draft_network(draft, network, default_route);
    }
}

}  // namespace hcloud::agent

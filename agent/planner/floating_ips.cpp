// Floating IPs: on the public NIC, which is never otherwise touched.
#include "agent/planner/draft.h"

#include <algorithm>

namespace hcloud::agent {

namespace {

bool is_private_nic(const Draft& draft, const host::Link& link) {
    const auto& networks = draft.desired().private_networks.list;
    return std::any_of(networks.begin(), networks.end(),
                       [&](const auto& network) { return network.mac == link.mac; });
}

const host::Link* usable(const Draft& draft, int index) {
    const auto* link = draft.observed().link(index);
    if (link == nullptr || link->loopback || is_private_nic(draft, *link)) return nullptr;
    return link;
}

const host::Link* by_public_address(const Draft& draft) {
    for (const auto& ip : draft.desired().public_addresses) {
        for (const auto& address : draft.observed().addresses) {
            if (address.prefix.address != ip || draft.is_ours(address)) continue;
            if (const auto* link = usable(draft, address.link)) return link;
        }
    }
    return nullptr;
}

// While the public address is away (a manager reconfigures), floating IPs stay where they are.
const host::Link* by_floating_ip(const Draft& draft) {
    for (const auto& prefix : draft.desired().floating_ips.list) {
        for (const auto& link : draft.observed().links) {
            const auto* address = draft.find_address(link.index, prefix.address);
            if (address != nullptr && draft.is_ours(*address)) return usable(draft, link.index);
        }
    }
    return nullptr;
}

const host::Link* by_default_route(const Draft& draft) {
    const host::Route* best = nullptr;
    for (const auto& route : draft.observed().routes) {
        if (route.destination.length != 0 || Draft::is_ours(route)) continue;
        if (usable(draft, route.link) == nullptr) continue;
        const auto rank = [](const host::Route& r) {
            return std::pair(!r.destination.address.is_v4(), r.metric);
        };
        if (best == nullptr || rank(route) < rank(*best)) best = &route;
    }
    return best != nullptr ? draft.observed().link(best->link) : nullptr;
}

host::Address floating_address(int link, const host::Prefix& prefix) {
    host::Address address;
    address.link = link;
    address.prefix = prefix;
    address.protocol = host::kProtocol;
    if (prefix.address.is_v4()) {
        address.scope = host::Scope::host;
    } else {
        // The address of the network without its route; deprecated, so that it is never a source.
        address.no_prefix_route = address.no_dad = address.deprecated = true;
    }
    return address;
}

}  // namespace

const host::Link* public_link(const Draft& draft) {
    if (const auto* link = by_public_address(draft)) return link;
    if (const auto* link = by_floating_ip(draft)) return link;
    return by_default_route(draft);
}

void draft_floating_ips(Draft& draft) {
    const auto* link = public_link(draft);
    for (const auto& prefix : draft.desired().floating_ips.list) {
        const bool v4 = prefix.address.is_v4();
        if (link == nullptr) {
            draft.pending(purpose::kFloating, prefix.address, nullptr,
                          "no public NIC: neither the public address nor a default route is here");
        } else if (!v4 && link->ipv6_disabled) {
            draft.pending(purpose::kFloating, prefix.address, link,
                          "IPv6 is disabled on " + link->name);
        } else if (!v4 && !link->up) {
            draft.pending(purpose::kFloating, prefix.address, link, link->name + " is set down");
        } else {
            draft.want(floating_address(link->index, prefix), purpose::kFloating,
                       "floating IP of this server is missing");
        }
    }
}

}  // namespace hcloud::agent

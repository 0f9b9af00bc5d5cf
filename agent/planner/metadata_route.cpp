// The route to the metadata service, kept on the public NIC.
//
// DHCP on a private network has been seen to push 169.254.169.254/32 via the private gateway, which
// black-holes metadata, and a way through a NAT gateway is answered with the gateway's identity
// (hcloud-k8s#490, csi-driver#131). Decided from the host alone: it has to work before any
// metadata.
#include "agent/planner/draft.h"
#include "agent/planner/routes.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace hcloud::agent {

namespace {

const host::Link* link_to_public_gateway(const Draft& draft) {
    for (const auto& route : draft.observed().routes) {
        if (Draft::is_ours(route)) continue;
        const bool leads_there =
            route.gateway == public_gateway() ||
            (!route.gateway && route.destination == host::Prefix::host(public_gateway()));
        const auto* link = draft.observed().link(route.link);
        if (leads_there && link != nullptr && link->up) return link;
    }
    return nullptr;
}

// As the kernel would look it up without our pin.
const host::Route* way_without_us(const Draft& draft, const host::Prefix& metadata) {
    return way_to(draft.observed(), metadata.address, [&](const host::Route& route) {
        return !Draft::is_ours(route) || route.destination != metadata;
    });
}

// Before a /32 of others with a lower metric; with metric 0 it is put before one of metric 0
// (AddRoute).
std::uint32_t metric_before(const host::Route& other, const host::Prefix& metadata) {
    constexpr std::uint32_t kUsual = 50;
    if (other.destination != metadata) return kUsual;
    return other.metric > 0 ? other.metric - 1 : 0;
}

}  // namespace

void draft_metadata_route(Draft& draft) {
    if (!draft.desired().pinned_metadata) return;
    const auto metadata = host::Prefix::host(*draft.desired().pinned_metadata);
    const auto* link = link_to_public_gateway(draft);
    const auto* way = way_without_us(draft, metadata);
    // A private-only server has no other way; a public NIC that is down for a moment keeps its pin.
    if (link == nullptr) return draft.keep_routes_to(metadata);
    // One whose way is public needs no pin.
    if (way == nullptr || way->link == link->index) return;
    host::Route route;
    route.link = link->index;
    route.destination = metadata;
    route.gateway = public_gateway();
    route.onlink = true;
    route.metric = metric_before(*way, metadata);
    route.protocol = host::kProtocol;
    const auto reason = "the route to the metadata service leaves through " +
                        link_name(draft.observed(), way->link);
    // One of others on the public NIC is as good, unless the private one still comes before it.
    draft.want(route, reason,
               [&](const host::Route& other) { return other.metric <= route.metric; });
}

}  // namespace hcloud::agent

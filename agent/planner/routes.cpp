#include "agent/planner/routes.h"

#include <utility>

namespace hcloud::agent {

const host::IpAddress& public_gateway() {
    static const auto kGateway = *host::IpAddress::parse("172.31.1.1");
    return kGateway;
}

const host::Route* way_to(const host::Snapshot& observed, const host::IpAddress& ip,
                          const std::function<bool(const host::Route&)>& counts) {
    const host::Route* best = nullptr;
    const auto rank = [](const host::Route& r) {
        return std::pair(r.destination.length, -static_cast<std::int64_t>(r.metric));
    };
    for (const auto& route : observed.routes) {
        if (!route.destination.contains(ip) || !counts(route)) continue;
        if (best == nullptr || rank(route) > rank(*best)) best = &route;
    }
    return best;
}

}  // namespace hcloud::agent

#include "agent/planner/planner.h"

#include <fmt/format.h>

#include "agent/planner/draft.h"

namespace hcloud::agent {

namespace {

std::string key_of(const host::Address& address) {
    return fmt::format("address {} link {}", address.prefix.to_string(), address.link);
}

std::string key_of(const host::Route& route) {
    return fmt::format("route {} link {}", route.destination.to_string(), route.link);
}

struct KeyOf {
    std::string operator()(const host::SetLinkUp& c) const { return fmt::format("up {}", c.link); }
    std::string operator()(const host::SetLinkMtu& c) const {
        return fmt::format("mtu {}", c.link);
    }
    std::string operator()(const host::AddAddress& c) const { return key_of(c.address); }
    std::string operator()(const host::DeleteAddress& c) const { return key_of(c.address); }
    std::string operator()(const host::AddRoute& c) const { return key_of(c.route); }
    std::string operator()(const host::DeleteRoute& c) const { return key_of(c.route); }
};

}  // namespace

const char* to_string(ItemState state) {
    switch (state) {
        case ItemState::configured:
            return "configured";
        case ItemState::adopted:
            return "adopted";
        case ItemState::missing:
            return "missing";
        case ItemState::pending:
            return "pending";
        case ItemState::held:
            return "held";
    }
    return "unknown";
}

std::string key(const host::Change& change) { return std::visit(KeyOf{}, change); }

Plan make_plan(const PlannerInput& input) {
    if (!input.desired.frozen.empty()) {
        Plan plan;
        plan.frozen = input.desired.frozen;
        plan.ledger = input.ledger;
        return plan;
    }
    Draft draft(input);
    draft_metadata_route(draft);
    draft_private_networks(draft);
    draft_floating_ips(draft);
    return std::move(draft).finish();
}

}  // namespace hcloud::agent

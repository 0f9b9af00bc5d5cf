#include "agent/planner/planner.h"

#include "agent/planner/draft.h"

namespace hcloud::agent {

namespace {

struct KeyOf {
    using Kind = Key::Kind;
    Key operator()(const host::SetLinkUp& c) const { return {Kind::link, c.link, {}}; }
    Key operator()(const host::SetLinkMtu& c) const { return {Kind::link, c.link, {}}; }
    Key operator()(const host::AddAddress& c) const { return of(c.address); }
    Key operator()(const host::DeleteAddress& c) const { return of(c.address); }
    Key operator()(const host::AddRoute& c) const { return of(c.route); }
    Key operator()(const host::DeleteRoute& c) const { return of(c.route); }
    Key operator()(const host::GuardChange auto& /*c*/) const { return guard_key(); }
    static Key of(const host::Address& a) { return {Kind::address, a.link, a.prefix}; }
    static Key of(const host::Route& r) { return {Kind::route, r.link, r.destination}; }
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
        case ItemState::drained:
            return "drained";
    }
    return "unknown";
}

Key key(const host::Change& change) {
    return std::visit(KeyOf{}, change);
}

Plan make_plan(const PlannerInput& input) {
    if (!input.desired.frozen.empty()) {
        Plan plan;
        plan.frozen = input.desired.frozen;
        plan.ledger = input.ledger;
        return plan;
    }
    Draft draft(input);
    draft_guard(draft);
    draft_metadata_route(draft);
    draft_private_networks(draft);
    draft_floating_ips(draft);
    return std::move(draft).finish();
}

const host::Link* public_nic(const PlannerInput& input) {
    return public_link(Draft(input));
}

}  // namespace hcloud::agent

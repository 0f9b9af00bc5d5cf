#include "agent/planner/draft.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/compile.h>
#include <fmt/format.h>

namespace hcloud::agent {

namespace {

// The prefix length and flags that make two addresses of ours the same thing. Lifetimes count down
// and flags such as "tentative" come and go: what others may change in passing is not compared.
bool same_shape(const host::Address& a, const host::Address& b) {
    return a.prefix == b.prefix && (!a.prefix.address.is_v4() || a.scope == b.scope);
}

bool same_route(const host::Route& a, const host::Route& b) {
    return a.destination == b.destination && a.link == b.link && a.gateway == b.gateway &&
           a.source == b.source && a.metric == b.metric;
}

std::string describe(const host::Route& route) {
    auto text = "route " + route.destination.to_string();
    if (route.gateway) text += " via " + route.gateway->to_string();
    return text;
}

std::string deletion_reason(const std::string& purpose) {
    if (purpose == purpose::kAlias) return "no longer an alias IP of this server";
    if (purpose == purpose::kFloating) return "no longer a floating IP of this server";
    if (purpose == purpose::kPrivate) return "no longer this server's address in a private network";
    return "ours, and not wanted any longer";
}

}  // namespace

std::string link_name(const host::Snapshot& snapshot, int index) {
    const auto* link = snapshot.link(index);
    return link != nullptr ? link->name : fmt::format("link {}", index);
}

Draft::Draft(const PlannerInput& input) : input_(input) {
    for (const auto& address : input.observed.addresses) {
        by_ip_.emplace(address.prefix.address, &address);
    }
    for (const auto& entry : input.ledger)
        ledger_[{entry.link, entry.prefix}] = entry.purpose;
}

bool Draft::is_ours(const host::Address& address) const {
    if (observed().has_address_protocol) return address.protocol == host::kProtocol;
    return in_ledger(address.link, address.prefix);
}

bool Draft::in_ledger(int link, const host::Prefix& prefix) const {
    return ledger_.contains({link, prefix});
}

std::string Draft::purpose_of(const host::Address& address) const {
    const auto found = ledger_.find({address.link, address.prefix});
    return found != ledger_.end() ? found->second : std::string();
}

const host::Address* Draft::find_address(int link, const host::IpAddress& ip) const {
    const auto [begin, end] = by_ip_.equal_range(ip);
    const auto found = std::find_if(begin, end, [&](auto& e) { return e.second->link == link; });
    return found != end ? found->second : nullptr;
}

const host::Address* Draft::find_foreign(const host::IpAddress& ip) const {
    const auto [begin, end] = by_ip_.equal_range(ip);
    const auto found = std::find_if(begin, end, [&](auto& e) { return !is_ours(*e.second); });
    return found != end ? found->second : nullptr;
}

bool Draft::want(const host::Address& address, const char* purpose, const std::string& reason) {
    Item state{{Key::Kind::address, address.link, address.prefix},
               fmt::format(FMT_COMPILE("{} {}"), purpose, address.prefix.to_string()),
               {},
               ItemState::configured,
               {}};
    const auto [begin, end] = by_ip_.equal_range(address.prefix.address);
    const auto exact = std::find_if(begin, end, [&](auto& e) {
        return e.second->link == address.link && same_shape(*e.second, address) &&
               is_ours(*e.second);
    });
    const auto* foreign = find_foreign(address.prefix.address);
    if (exact == end && foreign != nullptr) {
        state.state = ItemState::adopted;
        state.note = "configured by somebody else";
        item(std::move(state), foreign->link);
        return true;
    }
    // Wanted from here on, held or not: the ledger keeps its line, and nothing alike is deleted.
    wanted_[{address.link, address.prefix}] = purpose;
    if (exact == end) {
        state.state = held_or_missing(state);
        if (state.state == ItemState::missing) add_address(address, purpose, reason);
    }
    const bool usable = state.state != ItemState::held;
    item(std::move(state), address.link);
    return usable;
}

ItemState Draft::held_or_missing(Item& item) const {
    if (!input_.held.contains(item.key)) return ItemState::missing;
    item.note = "lost or refused again and again";
    return ItemState::held;
}

void Draft::add_address(const host::Address& address, const char* purpose,
                        const std::string& reason) {
    const auto* other = find_address(address.link, address.prefix.address);
    if (other != nullptr && other->prefix == address.prefix) {
        // Ours, but of another scope, which the kernel cannot change in place.
        plan_.changes.push_back({host::DeleteAddress{*other}, purpose, "has another scope"});
    }
    plan_.changes.push_back({host::AddAddress{address}, purpose, reason});
}

void Draft::want(const host::Route& route, const std::string& reason,
                 const std::function<bool(const host::Route&)>& will_do) {
    Item state{{Key::Kind::route, route.link, route.destination},
               describe(route),
               {},
               ItemState::configured,
               {}};
    const auto& routes = observed().routes;
    const bool ours = std::any_of(routes.begin(), routes.end(), [&](const auto& r) {
        return is_ours(r) && same_route(r, route);
    });
    const auto theirs = std::find_if(routes.begin(), routes.end(), [&](const auto& r) {
        return !is_ours(r) && r.link == route.link && r.destination == route.destination &&
               will_do(r);
    });
    if (!ours && theirs != routes.end()) {
        state.what = describe(*theirs);
        state.state = ItemState::adopted;
        state.note = "configured by somebody else";
        return item(std::move(state), route.link);
    }
    wanted_routes_.push_back(route);
    if (!ours) {
        state.state = held_or_missing(state);
        if (state.state == ItemState::missing) {
            route_additions_.push_back({host::AddRoute{route}, {}, reason});
        }
    }
    item(std::move(state), route.link);
}

void Draft::want(Item item, const std::optional<host::Change>& change, const std::string& reason) {
    if (change) item.state = held_or_missing(item);
    if (item.state == ItemState::missing) plan_.changes.push_back({*change, {}, reason});
    list(std::move(item));
}

bool Draft::want_link_ready(const host::Link& link, std::uint32_t mtu, const std::string& reason) {
    const bool held = input_.held.contains({Key::Kind::link, link.index, {}});
    if (held && (link.mtu != mtu || !link.up)) return false;
    // MTU first: a link that is up with the wrong one would already be used.
    if (link.mtu != mtu) plan_.changes.push_back({host::SetLinkMtu{link.index, mtu}, {}, reason});
    if (!link.up) plan_.changes.push_back({host::SetLinkUp{link.index}, {}, reason});
    return true;
}

void Draft::pending(const char* purpose, const host::IpAddress& ip, const host::Link* link,
                    const std::string& note) {
    kept_.insert(ip);
    item({{}, fmt::format("{} {}", purpose, ip.to_string()), {}, ItemState::pending, note},
         link != nullptr ? link->index : 0);
}

void Draft::keep_routes(const host::Link& link, const std::string& what, const std::string& note) {
    kept_route_links_.insert(link.index);
    item({{}, what, {}, ItemState::pending, note}, link.index);
}

Plan Draft::finish() && {
    write_ledger();
    // Addresses before the routes that use them as source; new routes before old ones go; and an
    // address goes last of all, since the kernel drops the routes that use it without a word.
    std::move(route_additions_.begin(), route_additions_.end(), std::back_inserter(plan_.changes));
    delete_routes();
    delete_addresses();
    // Additions have been asked for this already; what else was refused has to wait as well.
    std::erase_if(plan_.changes, [&](const PlannedChange& planned) {
        return input_.held.contains(key(planned.change));
    });
    return std::move(plan_);
}

bool Draft::may_delete_purpose(const std::string& purpose) const {
    const bool networks = desired().private_networks.certainty == Certainty::complete;
    const auto mode = desired().private_mode;
    if (purpose == purpose::kPrivate) return networks && mode == PrivateMode::automatic;
    if (purpose == purpose::kAlias) return networks && mode != PrivateMode::off;
    if (purpose == purpose::kFloating) {
        return desired().floating_ips.certainty == Certainty::complete;
    }
    // Of unknown purpose, after a lost ledger: only when it can be none of them.
    return may_delete_purpose(purpose::kPrivate) && may_delete_purpose(purpose::kFloating);
}

void Draft::delete_addresses() {
    for (const auto& address : observed().addresses) {
        if (!is_ours(address) || wanted_.contains({address.link, address.prefix})) continue;
        if (kept_.contains(address.prefix.address)) continue;
        const auto purpose = purpose_of(address);
        if (!may_delete_purpose(purpose)) continue;
        const bool elsewhere = std::any_of(wanted_.begin(), wanted_.end(), [&](const auto& entry) {
            return entry.first.second.address == address.prefix.address;
        });
        plan_.changes.push_back(
            {host::DeleteAddress{address}, purpose,
             elsewhere ? "has its place elsewhere now" : deletion_reason(purpose)});
    }
}

bool Draft::may_delete(const host::Route& route) const {
    const auto& to = route.destination;
    if (to == kept_destination_) return false;
    if (desired().pinned_metadata && to == host::Prefix::host(*desired().pinned_metadata)) {
        return true;  // draft_metadata_route() has said whether it is wanted
    }
    if (kept_route_links_.contains(route.link)) return false;
    const bool networks_known = may_delete_purpose(purpose::kPrivate);
    if (to.length == 0) return !desired().private_default_route || networks_known;
    return networks_known;
}

void Draft::delete_routes() {
    for (const auto& route : observed().routes) {
        if (!is_ours(route)) continue;
        const auto wanted = std::any_of(wanted_routes_.begin(), wanted_routes_.end(),
                                        [&](const auto& w) { return same_route(w, route); });
        if (wanted || !may_delete(route)) continue;
        plan_.changes.push_back({host::DeleteRoute{route}, {}, "ours, and not wanted any longer"});
    }
}

bool Draft::keep_in_ledger(const host::LedgerEntry& entry) const {
    if (entry.purpose == purpose::kGuard) return false;        // draft_guard() has seen to it
    if (observed().link(entry.link) == nullptr) return false;  // gone, and the address with it
    if (wanted_.contains({entry.link, entry.prefix})) return false;  // written anew
    const auto [begin, end] = by_ip_.equal_range(entry.prefix.address);
    const auto there = std::find_if(begin, end, [&](auto& e) {
        return e.second->link == entry.link && e.second->prefix == entry.prefix;
    });
    if (there != end) return is_ours(*there->second);
    // Lost: it stays ours to repair while it is, or may still be, wanted and nobody else has it.
    if (find_foreign(entry.prefix.address) != nullptr) return false;
    return kept_.contains(entry.prefix.address) || !may_delete_purpose(entry.purpose);
}

void Draft::write_ledger() {
    for (const auto& [place, purpose] : wanted_) {
        plan_.ledger.push_back({place.first, place.second, purpose});
    }
    // What is about to be deleted stays listed until it is gone: the next cycle finds it gone.
    for (const auto& entry : input_.ledger) {
        if (keep_in_ledger(entry)) plan_.ledger.push_back(entry);
    }
    std::sort(plan_.ledger.begin(), plan_.ledger.end());
}

}  // namespace hcloud::agent

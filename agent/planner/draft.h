// A plan in the making: what is observed, indexed; who owns what; and the two ways to want
// something. Private to the planner.
#pragma once

#include "agent/planner/planner.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hcloud::agent {

/// The name of a link for items and reasons.
std::string link_name(const host::Snapshot& snapshot, int index);

class Draft {
  public:
    explicit Draft(const PlannerInput& input);

    const PlannerInput& input() const { return input_; }
    const Desired& desired() const { return input_.desired; }
    const host::Snapshot& observed() const { return input_.observed; }

    /// Ours by the mark the kernel keeps or, where it keeps none, by the ledger.
    bool is_ours(const host::Address& address) const;
    /// One of several next hops (link 0) is never made by us.
    static bool is_ours(const host::Route& route) {
        return route.protocol == host::kProtocol && route.link != 0;
    }
    /// The purpose in the ledger; empty if the ledger does not know the address.
    std::string purpose_of(const host::Address& address) const;
    bool in_ledger(int link, const host::Prefix& prefix) const;

    const host::Address* find_address(int link, const host::IpAddress& ip) const;
    /// Somebody else's address with this IP, on whatever link.
    const host::Address* find_foreign(const host::IpAddress& ip) const;

    /// Wants `address`: configured, adopted, held, or a change. True if it is there or about to be.
    bool want(const host::Address& address, const char* purpose, const std::string& reason);
    /// Wants `route`; one of others to the same destination on the same link will do.
    void want(const host::Route& route, const std::string& reason) {
        want(route, reason, [](const host::Route&) { return true; });
    }
    /// The same where only some of them will do.
    void want(const host::Route& route, const std::string& reason,
              const std::function<bool(const host::Route&)>& will_do);
    /// False while a change of the link that was refused has to wait.
    bool want_link_ready(const host::Link& link, std::uint32_t mtu, const std::string& reason);

    /// Wants what `item` tells of: there already, or made by `change`, or held.
    void want(Item item, const std::optional<host::Change>& change, const std::string& reason);
    /// Lists what nothing is done about now.
    void list(Item item) { plan_.items.push_back(std::move(item)); }
    void remove(const host::Change& change, const std::string& reason) {
        plan_.changes.push_back({change, {}, reason});
    }
    void keep_ledger_line(host::LedgerEntry entry) { plan_.ledger.push_back(std::move(entry)); }

    /// Wanted, but waiting for something outside: nothing of it that is there already is deleted.
    void pending(const char* purpose, const host::IpAddress& ip, const host::Link* link,
                 const std::string& note);
    /// No route of ours on this link is deleted in this cycle.
    void keep_routes(const host::Link& link, const std::string& what, const std::string& note);
    /// The same for our routes to one destination.
    void keep_routes_to(const host::Prefix& destination) { kept_destination_ = destination; }
    void wait_for_dhcp(const std::string& mac) { plan_.waiting_for_dhcp.push_back(mac); }

    /// Adds the deletions and hands the plan over.
    Plan finish() &&;

  private:
    void item(Item item, int link) {
        if (link != 0) item.link = link_name(observed(), link);
        plan_.items.push_back(std::move(item));
    }
    ItemState held_or_missing(Item& item) const;
    void add_address(const host::Address& address, const char* purpose, const std::string& reason);
    void delete_addresses();
    void delete_routes();
    bool may_delete_purpose(const std::string& purpose) const;
    bool may_delete(const host::Route& route) const;
    void write_ledger();
    bool keep_in_ledger(const host::LedgerEntry& entry) const;

    const PlannerInput& input_;
    std::multimap<host::IpAddress, const host::Address*> by_ip_;
    std::map<std::pair<int, host::Prefix>, std::string> ledger_;

    std::map<std::pair<int, host::Prefix>, std::string>
        wanted_;  // to purpose; ours, there or planned
    std::vector<host::Route> wanted_routes_;
    std::set<host::IpAddress> kept_;  // wanted, but not placed
    std::set<int> kept_route_links_;
    std::optional<host::Prefix> kept_destination_;
    std::vector<PlannedChange> route_additions_;
    Plan plan_;
};

/// Where floating IPs belong; nullptr if there is no such NIC.
const host::Link* public_link(const Draft& draft);

/// What each kind of wanted thing adds to a draft; one file each.
void draft_private_networks(Draft& draft);
void draft_floating_ips(Draft& draft);
void draft_metadata_route(Draft& draft);
void draft_guard(Draft& draft);

Key guard_key();

}  // namespace hcloud::agent

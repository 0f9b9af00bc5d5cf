// What the planner answers: changes with their reasons, and the state of everything that is wanted.
#pragma once

#include "actions/host/change.h"
#include "actions/host/ledger_entry.h"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace hcloud::agent {

/// Under which losses and failures of a change are counted: the same for the same address or route
/// on the same link, whatever its other attributes. The kinds from `label` on are the project's.
struct Key {
    enum class Kind : std::uint8_t {
        none,
        link,
        address,
        route,
        guard,
        label,
        firewall,
        network,
        alias_ip,
        load_balancer,
        reverse_dns,
    };
    Kind kind = Kind::none;
    int link = 0;
    host::Prefix prefix = {};
    std::string name = {};  // of what the project has: see cloud_change.h
    auto operator<=>(const Key&) const = default;
};
Key key(const host::Change& change);

struct PlannedChange {
    host::Change change;
    std::string purpose;  // of an address; empty for links and routes
    std::string reason;
    bool operator==(const PlannedChange&) const = default;
};

enum class ItemState {
    configured,  // there, and ours
    adopted,     // there, configured by somebody else: used, never deleted
    missing,     // not there; the plan holds the change that mends it
    pending,     // waits for something outside: a NIC, DHCP, a link set down by an administrator
    held,        // somebody or something undoes it again and again: waiting before the next try
    drained,     // a load balancer that this server has left on purpose
};
const char* to_string(ItemState state);
/// Configured, by whomever.
inline bool is_there(ItemState state) {
    return state == ItemState::configured || state == ItemState::adopted;
}

/// The note of a primary address that is pending because DHCP may still bring it.
inline constexpr const char* kLeftToDhcp = "left to DHCP for now";

/// One wanted thing and how it stands.
struct Item {
    Key key;  // of the change that adds it; none while it has no place
    // "floating 203.0.113.77/32", "private 10.0.0.2/32", "route 10.0.0.0/16 via 10.0.0.1"
    std::string what;
    std::string link;  // name; empty while there is none
    ItemState state = ItemState::missing;
    std::string note;  // why it is pending, who has it
    bool operator==(const Item&) const = default;
};

struct Plan {
    std::vector<PlannedChange> changes;  // in the order in which they are to be made
    std::vector<Item> items;
    /// The ledger as it has to be on disk before the changes are made: new addresses in, stale
    /// entries out, and no address that somebody else took over.
    std::vector<host::LedgerEntry> ledger;
    /// MACs of NICs without their primary address, left to DHCP until its grace is over.
    std::vector<std::string> waiting_for_dhcp;
    /// Why nothing may change, when something forbids it.
    std::string frozen;
    bool operator==(const Plan&) const = default;
};

}  // namespace hcloud::agent

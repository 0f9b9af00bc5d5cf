// A change to the host as a value: what `plan` prints and `apply` does.
#pragma once

#include "actions/host/types.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <variant>

namespace hcloud::host {

struct SetLinkUp {
    int link = 0;
    bool operator==(const SetLinkUp&) const = default;
};

struct SetLinkMtu {
    int link = 0;
    std::uint32_t mtu = 0;
    bool operator==(const SetLinkMtu&) const = default;
};

struct AddAddress {
    Address address;
    bool operator==(const AddAddress&) const = default;
};

struct DeleteAddress {
    Address address;
    bool operator==(const DeleteAddress&) const = default;
};

/// Added before routes of the same destination and metric that others made, never in place of them.
struct AddRoute {
    Route route;
    bool operator==(const AddRoute&) const = default;
};

struct DeleteRoute {
    Route route;
    bool operator==(const DeleteRoute&) const = default;
};

/// Where there is none, or one that somebody altered.
struct AddGuard {
    Guard guard;
    bool operator==(const AddGuard&) const = default;
};

/// Other users from now on.
struct ChangeGuard {
    Guard guard;
    bool operator==(const ChangeGuard&) const = default;
};

struct DeleteGuard {
    bool operator==(const DeleteGuard&) const = default;
};

using Change = std::variant<SetLinkUp, SetLinkMtu, AddAddress, DeleteAddress, AddRoute, DeleteRoute,
                            AddGuard, ChangeGuard, DeleteGuard>;

/// What concerns no link.
template <typename T>
concept GuardChange =
    std::same_as<T, AddGuard> || std::same_as<T, ChangeGuard> || std::same_as<T, DeleteGuard>;
bool is_guard(const Change& change);

/// In iproute2's words, "address add 10.0.0.3/32 dev eth1 scope host"; a link that is gone is "link
/// 7".
std::string describe(const Change& change, const Snapshot& snapshot);
/// The same where the snapshot is no longer at hand; `link` is the link's name.
std::string describe(const Change& change, const std::string& link);
/// Empty for what concerns no link.
std::string link_name(const Change& change, const Snapshot& snapshot);

}  // namespace hcloud::host

// Private to this folder: rtnetlink messages as values.
//
// Each function returns nothing for a message that is not of its kind, and throws host::Error
// (EBADMSG) for one whose parts have impossible sizes: a snapshot is right or there is none.
#pragma once

#include "actions/host/types.h"

#include <optional>
#include <string_view>

#include <libmnl/libmnl.h>

namespace hcloud::host {

std::optional<Link> parse_link(const nlmsghdr& message);

struct ParsedAddress {
    Address address;
    bool has_protocol = false;  // the kernel sent an IFA_PROTO
};
std::optional<ParsedAddress> parse_address(const nlmsghdr& message);

/// Unicast routes of the main table and of `family`. Not those that depend on more than the
/// destination (a source prefix, a type of service): as a Route they would look like ordinary ones.
std::optional<Route> parse_route(const nlmsghdr& message, int family);

/// Whether a kernel of this release ("6.1.0-18-amd64") keeps IFA_PROTO: 5.18 and later do.
bool release_has_address_protocol(std::string_view release);

}  // namespace hcloud::host

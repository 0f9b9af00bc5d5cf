#include "actions/host/types.h"

#include <algorithm>

namespace hcloud::host {

namespace {

template <class Condition>
const Link* find(const std::vector<Link>& links, Condition condition) {
    const auto found = std::find_if(links.begin(), links.end(), condition);
    return found == links.end() ? nullptr : &*found;
}

}  // namespace

const Link* Snapshot::link(int index) const {
    return find(links, [index](const Link& link) { return link.index == index; });
}

// A VLAN or macvlan has the MAC of the link below it, which is older: links are in the order of
// their index, so the lower one is found.
const Link* Snapshot::link_by_mac(const std::string& mac) const {
    if (mac.empty()) return nullptr;  // "has none" is not a MAC to be found by
    return find(links, [&mac](const Link& link) { return link.mac == mac; });
}

}  // namespace hcloud::host

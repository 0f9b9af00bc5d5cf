// Values in few words, and readable when an expectation fails.
#pragma once

#include "actions/host/change.h"
#include "actions/host/network.h"

#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace hcloud::host {

inline Prefix prefix(std::string_view text) {
    return Prefix::parse(text).value();
}
inline IpAddress ip(std::string_view text) {
    return IpAddress::parse(text).value();
}

/// A Route in the words of ip(8); empty texts are left out.
struct RouteWords {
    int link = 0;
    const char* to = "0.0.0.0/0";
    const char* via = "";
    const char* src = "";
    std::uint32_t metric = 0;
    Scope scope = Scope::universe;
    std::uint8_t protocol = kProtocol;
    bool onlink = false;
};

inline Route route(const RouteWords& words) {
    Route route;
    route.link = words.link;
    route.destination = prefix(words.to);
    route.gateway = IpAddress::parse(words.via);
    route.source = IpAddress::parse(words.src);
    route.metric = words.metric;
    route.scope = words.scope;
    route.protocol = words.protocol;
    route.onlink = words.onlink;
    return route;
}

/// Names the cases of a table by the member `name`.
template <class Case>
std::string name_of(const testing::TestParamInfo<Case>& test) {
    return test.param.name;
}

inline void PrintTo(const Address& address, std::ostream* out) {
    *out << describe(AddAddress{address}, Snapshot{}) << " proto "
         << static_cast<int>(address.protocol);
}
inline void PrintTo(const Route& route, std::ostream* out) {
    *out << describe(AddRoute{route}, Snapshot{}) << " proto " << static_cast<int>(route.protocol);
}
inline void PrintTo(const Outcome& outcome, std::ostream* out) {
    *out << "kind " << static_cast<int>(outcome.kind) << " code " << outcome.code << ' '
         << outcome.message;
}

}  // namespace hcloud::host

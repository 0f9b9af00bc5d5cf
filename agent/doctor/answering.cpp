// What keeps a configured IPv4 address from answering ARP or being routed back, by the sysctls of
// Linux's Documentation/networking/ip-sysctl.rst. Whether an answer really goes out cannot be seen
// from the host itself: nobody here is on the other side of the NIC.
#include "agent/doctor/addresses.h"
#include "agent/planner/routes.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent::doctor {

namespace {

bool shares_a_subnet(const host::Snapshot& observed, const host::Address& address,
                     const host::IpAddress& asker) {
    return std::any_of(observed.addresses.begin(), observed.addresses.end(), [&](const auto& a) {
        return a.link == address.link && a.prefix.contains(address.prefix.address) &&
               a.prefix.contains(asker);
    });
}

/// Why arp_ignore keeps the kernel from answering; empty if it does not.
std::string ignored(const host::Snapshot& observed, const host::Address& address,
                    const host::IpAddress& asker, int arp_ignore) {
    constexpr int kSameSubnet = 2;
    constexpr int kNotScopeHost = 3;
    constexpr int kAll = 8;
    if (arp_ignore == kAll) return "arp_ignore=8: no address of this NIC answers";
    if (arp_ignore == kSameSubnet && !shares_a_subnet(observed, address, asker)) {
        return "arp_ignore=2: only an asker in a subnet of this NIC gets an answer, and a /32 has "
               "none";
    }
    if (arp_ignore == kNotScopeHost && address.scope == host::Scope::host) {
        return "arp_ignore=3: addresses of scope host do not answer, and extra addresses have it";
    }
    return {};
}

struct Neighbour {
    host::IpAddress gateway;             // who asks by ARP
    std::optional<host::IpAddress> far;  // somebody whose packets come in here
};

Neighbour neighbour(const AddressFacts& facts, const host::Link& link) {
    for (const auto& network : facts.desired.private_networks.list) {
        if (network.mac == link.mac) return {network.gateway, std::nullopt};
    }
    return {public_gateway(), host::IpAddress()};  // the whole Internet: the default route
}

bool leads_through(const host::Snapshot& observed, const host::IpAddress& to, int link) {
    const auto* way = way_to(observed, to);
    return way != nullptr && way->link == link;
}

Finding silent(const host::Link& link, const host::Address& address, const std::string& why) {
    return {
        "arp-silent", Severity::error,
        fmt::format("{} on {} does not answer ARP: {}", address.prefix.to_string(), link.name, why),
        "the gateway cannot find the address, so nothing reaches it",
        fmt::format("sysctl net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.{}.arp_ignore=0 "
                    "net.ipv4.conf.all.arp_filter=0 net.ipv4.conf.{}.arp_filter=0; who sets "
                    "them: grep -r arp_ /etc/sysctl.*",
                    link.name, link.name)};
}

Finding dropped(const host::Link& link, const host::Address& address) {
    return {
        "rp-filter", Severity::error,
        fmt::format("rp_filter is strict on {}, and the way back from {} does not lead through it",
                    link.name, address.prefix.address.to_string()),
        "the kernel drops what comes in through a NIC through which it would not answer",
        fmt::format("sysctl net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.{}.rp_filter=2, or a "
                    "default route through {}",
                    link.name, link.name)};
}

std::optional<Finding> judge_one(const AddressFacts& facts, const host::Link& link,
                                 const host::Address& address, const Answering& how) {
    const auto [gateway, far] = neighbour(facts, link);
    const auto why = ignored(facts.observed, address, gateway, how.arp_ignore);
    if (!why.empty()) return silent(link, address, why);
    if (how.arp_filter > 0 && !leads_through(facts.observed, gateway, link.index)) {
        return silent(link, address,
                      fmt::format("arp_filter=1, and the way to the gateway {} does not lead "
                                  "through this NIC",
                                  gateway.to_string()));
    }
    constexpr int kStrict = 1;
    if (how.rp_filter == kStrict && far && !leads_through(facts.observed, *far, link.index)) {
        return dropped(link, address);
    }
    return std::nullopt;
}

}  // namespace

Findings judge_answering(const AddressFacts& facts) {
    Findings findings;
    for (const auto* item : address_items(facts.plan)) {
        if (!item->key.prefix.address.is_v4()) continue;
        const auto& addresses = facts.observed.addresses;
        const auto there = std::find_if(addresses.begin(), addresses.end(), [&](const auto& a) {
            return a.link == item->key.link && a.prefix.address == item->key.prefix.address;
        });
        const auto* link = facts.observed.link(item->key.link);
        const auto how = facts.answering.find(item->key.link);
        if (there == addresses.end() || link == nullptr || !link->up) continue;
        if (how == facts.answering.end()) continue;
        if (auto finding = judge_one(facts, *link, *there, how->second)) {
            findings.push_back(*std::move(finding));
        }
    }
    return findings;
}

}  // namespace hcloud::agent::doctor

// Labels, firewalls and reverse DNS of this server.
#include "agent/planner/knowledge.h"
#include "agent/planner/registration_draft.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using Kind = Key::Kind;

// The API's limit.
constexpr std::size_t kMostFirewalls = 5;

bool lists(const std::vector<cloud::Server::Firewall>& firewalls, std::int64_t id) {
    return std::any_of(firewalls.begin(), firewalls.end(),
                       [&](const auto& firewall) { return firewall.id == id; });
}

/// Counts those that this plan adds.
class FirewallPlaces {
  public:
    explicit FirewallPlaces(const cloud::Server& server)
        : taken_(server.firewalls ? server.firewalls->size() : 0) {}
    bool take() { return ++taken_ <= kMostFirewalls; }

  private:
    std::size_t taken_;
};

void draft_firewall(RegistrationDraft& draft, const std::string& name, FirewallPlaces& places) {
    const auto what = "firewall " + name;
    const auto* firewall = resolve(draft, draft.input().project.firewalls, Kind::firewall, name,
                                   what, "register.firewalls");
    if (firewall == nullptr) return;
    const auto key = firewall_key(firewall->id);
    const auto& server = draft.server();
    if (!server.firewalls) return draft.waits(key, what, "the API does not say which are applied");
    const auto applied = applied_to(*firewall, server.id);
    // The server's list knows of both ways, and is the newer one; but a label selector's work is
    // not done twice.
    if (applied.through != nullptr && !applied.direct) {
        return draft.theirs(key, what, through(applied.through->label_selector));
    }
    if (lists(*server.firewalls, firewall->id)) return draft.there(key, what);
    if (!places.take()) {
        return draft.problem(
            key, what, "register.firewalls",
            fmt::format("{} cannot be applied: this server has {} firewalls, the most there can "
                        "be; remove one of them",
                        name, kMostFirewalls));
    }
    if (draft.missing(key, what)) {
        draft.change(ApplyFirewall{firewall->id, name}, "register.firewalls names it");
    }
}

struct PublicAddress {
    std::string ip;
    std::string name;  // what its reverse DNS says now
    std::int64_t floating_ip = 0;
};

std::string name_of(const std::vector<cloud::DnsPtr>& entries, const host::IpAddress& ip) {
    for (const auto& entry : entries) {
        if (host::IpAddress::parse(entry.ip) == ip) return entry.name;
    }
    return {};
}

void add(std::vector<PublicAddress>& addresses, const std::string& ip,
         const std::vector<cloud::DnsPtr>& entries, std::int64_t floating_ip) {
    // Of an IPv6 network, the address that servers have.
    if (const auto address = interface_address(ip)) {
        addresses.push_back(
            {address->address.to_string(), name_of(entries, address->address), floating_ip});
    }
}

std::vector<PublicAddress> public_addresses(const RegistrationInput& input) {
    std::vector<PublicAddress> result;
    for (const auto& ip : {input.project.server.ipv4, input.project.server.ipv6}) {
        if (ip) add(result, ip->ip, ip->dns_ptr, 0);
    }
    if (!input.wanted.reverse_dns_floating_ips) return result;
    for (const auto& floating_ip : input.project.floating_ips)
        add(result, floating_ip.ip, floating_ip.dns_ptr, floating_ip.id);
    return result;
}

}  // namespace

void draft_labels(RegistrationDraft& draft) {
    const auto& labels = draft.server().labels;
    MergeLabels change;
    for (const auto& [name, value] : draft.input().wanted.labels) {
        const auto key = label_key(name);
        const auto what = fmt::format("label {}={}", name, value);
        if (!labels) {
            draft.waits(key, what, "the API does not say which labels there are");
            continue;
        }
        const auto found = labels->find(name);
        if (found != labels->end() && found->second == value) {
            draft.there(key, what);
        } else if (draft.missing(key, what, value)) {
            change.set[name] = value;
        }
    }
    const auto is_there = [&](const Key& key, const std::string& value) -> std::optional<bool> {
        if (!labels) return std::nullopt;
        const auto found = labels->find(key.name);
        return found != labels->end() && found->second == value;
    };
    for (const auto& key : draft.no_longer_wanted(Kind::label, Kind::label, is_there))
        change.remove[key.name] = labels->at(key.name);
    if (!change.set.empty() || !change.remove.empty()) {
        draft.change(change, change.set.empty() ? "register.labels no longer names them"
                                                : "register.labels says so");
    }
}

void draft_firewalls(RegistrationDraft& draft) {
    const auto& firewalls = draft.server().firewalls;
    FirewallPlaces places(draft.server());
    for (const auto& name : draft.input().wanted.firewalls)
        draft_firewall(draft, name, places);
    const auto is_there = [&](const Key& key, const std::string&) -> std::optional<bool> {
        if (!firewalls) return std::nullopt;
        return lists(*firewalls, id_of(key));
    };
    for (const auto& key : draft.no_longer_wanted(Kind::firewall, Kind::firewall, is_there))
        draft.change(RemoveFirewall{id_of(key)}, "register.firewalls no longer names it");
}

void draft_reverse_dns(RegistrationDraft& draft) {
    const auto& name = draft.input().wanted.reverse_dns;
    if (name.empty()) return;
    for (const auto& address : public_addresses(draft.input())) {
        const auto key = dns_ptr_key(address.ip);
        const auto what = fmt::format("reverse_dns {} {}", address.ip, name);
        if (address.name == name) {
            draft.there(key, what);
        } else if (draft.missing(key, what, name)) {
            draft.change(
                ChangeDnsPtr{address.floating_ip, address.ip, name},
                address.name.empty() ? "register.reverse_dns says so" : "it is " + address.name);
        }
    }
}

}  // namespace hcloud::agent

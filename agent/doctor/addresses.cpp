#include "agent/doctor/addresses.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::agent::doctor {

namespace {

const char* const kSilent = "whoever asks for it gets no answer from here";

std::string name_of(const host::Snapshot& observed, int index) {
    const auto* link = observed.link(index);
    return link != nullptr ? link->name : "no NIC";
}

std::vector<std::string> links_with(const host::Snapshot& observed, const host::IpAddress& ip) {
    std::vector<std::string> names;
    for (const auto& address : observed.addresses) {
        if (address.prefix.address == ip) {
            names.push_back(fmt::format("{} ({})", name_of(observed, address.link),
                                        address.prefix.to_string()));
        }
    }
    return names;
}

/// The links and addresses of which judge_nics() has told already.
class Told {
  public:
    explicit Told(const AddressFacts& facts) {
        for (const auto& network : facts.desired.private_networks.list) {
            const auto* link = facts.observed.link_by_mac(network.mac);
            if (link != nullptr && link->up && !is_left_to_dhcp(facts, network)) continue;
            if (link != nullptr) links_.insert(link->name);
            texts_.insert(fmt::format("{} {}", purpose::kPrivate, network.ip.to_string()));
            for (const auto& alias : network.alias_ips) {
                texts_.insert(fmt::format("{} {}", purpose::kAlias, alias.to_string()));
            }
        }
        const auto* link = facts.observed.link(facts.public_link);
        if (link != nullptr && !link->up) links_.insert(link->name);
    }
    bool explains(const Item& item) const {
        return links_.contains(item.link) || texts_.contains(item.what);
    }

  private:
    std::set<std::string> links_;
    std::set<std::string> texts_;
};

Finding contested(const Item& item) {
    return {"address-contested", Severity::error,
            fmt::format("{} on {} is taken away again and again", item.what, item.link),
            "two managers, one address: while they fight, connections break",
            "see who: ip monitor address, and journalctl -u hcloud-agent; one of the two has to "
            "leave it alone"};
}

Finding missing(const Item& item) {
    const bool route = item.key.kind == Key::Kind::route;
    return {route ? "route-missing" : "address-missing", Severity::error,
            fmt::format("{} is not on {}, though the agent runs", item.what, item.link), kSilent,
            "what the agent says of it: hcloud-agent status; journalctl -u hcloud-agent"};
}

Finding pending(const AddressFacts& facts, const Item& item) {
    const auto* link = facts.observed.link(facts.public_link);
    const bool v6 = item.what.find(':') != std::string::npos;
    if (v6 && link != nullptr && link->ipv6_disabled) {
        return {"ipv6-disabled", Severity::warning,
                fmt::format("{} waits: IPv6 is disabled on {}", item.what, link->name), kSilent,
                fmt::format("sysctl net.ipv6.conf.{}.disable_ipv6=0, and look for who sets it: "
                            "grep -r disable_ipv6 /etc/sysctl.* /proc/cmdline",
                            link->name)};
    }
    return {"address-pending", Severity::warning, fmt::format("{} waits: {}", item.what, item.note),
            kSilent, "see the note; hcloud-agent plan shows all that is left to do"};
}

Finding twice(const Item& item, const std::vector<std::string>& links) {
    return {
        "address-twice", Severity::warning,
        fmt::format("{} is configured {} times: on {}", item.what, links.size(),
                    fmt::join(links, " and ")),
        "which one answers is chance, and taking one away leaves the other behind",
        fmt::format("leave the one on {}; take the other away where it is configured", item.link)};
}

Finding elsewhere(const AddressFacts& facts, const Item& item) {
    const auto right = name_of(facts.observed, item.key.link);
    return {"address-wrong-nic", Severity::error,
            fmt::format("{} is on {}, but belongs on {}", item.what, item.link, right),
            "the cloud delivers it on one NIC alone, and ARP is answered there alone; somebody "
            "else configured it, so the agent leaves it",
            fmt::format("ip address del {} dev {}, and take it out of what configured it; the "
                        "agent then adds it to {}",
                        item.key.prefix.to_string(), item.link, right)};
}

std::optional<Finding> judge_item(const AddressFacts& facts, const Item& item) {
    if (facts.contested.contains(item.what)) return contested(item);
    if (item.key.kind == Key::Kind::address) {
        const auto links = links_with(facts.observed, item.key.prefix.address);
        if (links.size() > 1) return twice(item, links);
    }
    switch (item.state) {
        case ItemState::missing:
        case ItemState::held:
            if (facts.agent_runs) return missing(item);
            return std::nullopt;
        case ItemState::pending:
            return pending(facts, item);
        case ItemState::adopted:
            if (item.key.kind == Key::Kind::address &&
                item.link != name_of(facts.observed, item.key.link)) {
                return elsewhere(facts, item);
            }
            return std::nullopt;
        case ItemState::configured:
        case ItemState::drained:
            return std::nullopt;
    }
    return std::nullopt;
}

bool is_metadata_route(const AddressFacts& facts, const Item& item) {
    return item.key.kind == Key::Kind::route && facts.desired.pinned_metadata &&
           item.key.prefix == host::Prefix::host(*facts.desired.pinned_metadata);
}

}  // namespace

std::vector<const Item*> address_items(const Plan& plan) {
    std::vector<const Item*> items;
    for (const auto& item : plan.items) {
        if (item.key.kind == Key::Kind::address) items.push_back(&item);
    }
    return items;
}

Findings judge_addresses(const AddressFacts& facts) {
    Findings findings;
    const Told told(facts);
    std::size_t good = 0;
    for (const auto& item : facts.plan.items) {
        if (told.explains(item) || is_metadata_route(facts, item)) continue;
        const bool there = item.state == ItemState::configured || item.state == ItemState::adopted;
        if (auto finding = judge_item(facts, item)) {
            findings.push_back(*std::move(finding));
        } else if (there && item.key.kind == Key::Kind::address) {
            ++good;
        }
    }
    findings.push_back(fine("addresses", fmt::format("addresses in their place: {}", good)));
    return findings;
}

Findings judge_holders(const std::vector<FloatingIpHolder>& holders, std::int64_t us) {
    Findings findings;
    for (const auto& holder : holders) {
        if (holder.server == us) continue;
        const auto whose = holder.server ? fmt::format("assigned to server {}", *holder.server)
                                         : std::string("assigned to no server");
        findings.push_back(
            {"floating-ip-elsewhere", Severity::warning,
             fmt::format("network.floating_ips lists {}, but it is {}", holder.ip.to_string(),
                         whose),
             "Hetzner's routers send it to the server it is assigned to: here it is configured "
             "and hears nothing, and this server cannot reach the one that has it",
             "assign it to this server in the Console, or take it out of the list; with "
             "network.floating_ips: assigned the agent follows by itself"});
    }
    return findings;
}

}  // namespace hcloud::agent::doctor

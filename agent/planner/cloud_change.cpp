#include "agent/planner/cloud_change.h"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::agent {

namespace {

using Kind = Key::Kind;

std::string pairs(const cloud::Labels& labels) {
    std::string text;
    for (const auto& [name, value] : labels)
        text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
    return text;
}

std::string lists(const std::string& added, const std::string& removed) {
    auto text = added.empty() ? std::string() : "add " + added;
    if (!removed.empty()) text += fmt::format("{}remove {}", text.empty() ? "" : "; ", removed);
    return text;
}

struct Describe {
    std::string operator()(const MergeLabels& c) const {
        std::string names;
        for (const auto& [name, value] : c.remove)
            names += (names.empty() ? "" : ", ") + name;
        return "labels: " + lists(pairs(c.set), names);
    }
    std::string operator()(const ApplyFirewall& c) const { return "apply firewall " + c.name; }
    std::string operator()(const RemoveFirewall& c) const {
        return fmt::format("remove firewall {}", c.firewall);
    }
    std::string operator()(const AttachToNetwork& c) const {
        auto text = "attach to network " + c.name;
        if (c.ip) text += " with " + *c.ip;
        if (!c.alias_ips.empty()) text += fmt::format(", alias {}", fmt::join(c.alias_ips, ", "));
        return text;
    }
    std::string operator()(const MergeAliasIps& c) const {
        return fmt::format("alias IPs in network {}: {}", c.name,
                           lists(fmt::to_string(fmt::join(c.add, ", ")),
                                 fmt::to_string(fmt::join(c.remove, ", "))));
    }
    std::string operator()(const AddTarget& c) const {
        return fmt::format("add target to load balancer {}{}", c.name,
                           c.use_private_ip ? " by the private IP" : "");
    }
    std::string operator()(const RemoveTarget& c) const {
        return fmt::format("remove target from load balancer {}", c.name);
    }
    std::string operator()(const ChangeDnsPtr& c) const {
        return fmt::format("reverse DNS of {}: {}", c.ip, c.name);
    }
};

struct Keys {
    std::vector<Key> operator()(const MergeLabels& c) const {
        std::vector<Key> result;
        for (const auto* labels : {&c.set, &c.remove}) {
            for (const auto& [name, value] : *labels)
                result.push_back(label_key(name));
        }
        return result;
    }
    std::vector<Key> operator()(const ApplyFirewall& c) const { return {firewall_key(c.firewall)}; }
    std::vector<Key> operator()(const RemoveFirewall& c) const {
        return {firewall_key(c.firewall)};
    }
    std::vector<Key> operator()(const AttachToNetwork& c) const {
        std::vector<Key> result{network_key(c.network)};
        for (const auto& ip : c.alias_ips)
            result.push_back(alias_ip_key(c.network, ip));
        return result;
    }
    std::vector<Key> operator()(const MergeAliasIps& c) const {
        std::vector<Key> result;
        for (const auto* ips : {&c.add, &c.remove}) {
            for (const auto& ip : *ips)
                result.push_back(alias_ip_key(c.network, ip));
        }
        return result;
    }
    std::vector<Key> operator()(const AddTarget& c) const { return {target_key(c.load_balancer)}; }
    std::vector<Key> operator()(const RemoveTarget& c) const {
        return {target_key(c.load_balancer)};
    }
    std::vector<Key> operator()(const ChangeDnsPtr& c) const { return {dns_ptr_key(c.ip)}; }
};

struct Sign {
    char operator()(const MergeLabels& c) const { return of(!c.set.empty(), !c.remove.empty()); }
    char operator()(const MergeAliasIps& c) const { return of(!c.add.empty(), !c.remove.empty()); }
    char operator()(const RemoveFirewall& /*c*/) const { return '-'; }
    char operator()(const RemoveTarget& /*c*/) const { return '-'; }
    char operator()(const ChangeDnsPtr& /*c*/) const { return '~'; }
    char operator()(const auto& /*c*/) const { return '+'; }
    static char of(bool adds, bool removes) { return adds && removes ? '~' : adds ? '+' : '-'; }
};

Key named(Kind kind, std::string name) {
    return {kind, 0, {}, std::move(name)};
}

}  // namespace

std::string describe(const CloudChange& change) {
    return std::visit(Describe{}, change);
}

char sign(const CloudChange& change) {
    return std::visit(Sign{}, change);
}

std::vector<Key> keys(const CloudChange& change) {
    return std::visit(Keys{}, change);
}

Key label_key(const std::string& label) {
    return named(Kind::label, label);
}
Key firewall_key(std::int64_t firewall) {
    return named(Kind::firewall, std::to_string(firewall));
}
Key network_key(std::int64_t network) {
    return named(Kind::network, std::to_string(network));
}
Key alias_ip_key(std::int64_t network, const std::string& ip) {
    return named(Kind::alias_ip, fmt::format("{} {}", network, ip));
}
Key target_key(std::int64_t load_balancer) {
    return named(Kind::load_balancer, std::to_string(load_balancer));
}
Key dns_ptr_key(const std::string& ip) {
    return named(Kind::reverse_dns, ip);
}
Key unresolved_key(Key::Kind kind, const std::string& name) {
    return named(kind, "?" + name);
}

std::int64_t id_of(const Key& key) {
    std::int64_t id = 0;
    const auto* end = key.name.data() + key.name.size();
    return std::from_chars(key.name.data(), end, id).ec == std::errc() ? id : 0;
}

}  // namespace hcloud::agent

// This server's places in networks and behind load balancers.
#include "agent/planner/registration_draft.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

using Kind = Key::Kind;

bool contains(const std::optional<std::vector<std::string>>& list, const std::string& text) {
    return list && std::find(list->begin(), list->end(), text) != list->end();
}

std::string alias_text(const std::string& ip, const std::string& network) {
    return fmt::format("alias_ip {} in {}", ip, network);
}

/// Into a network where this server is not yet, with all that is wanted there.
void draft_attachment(RegistrationDraft& draft, const Config::Register::Network& wanted,
                      std::int64_t network) {
    AttachToNetwork change{network, wanted.name, {}, {}};
    if (wanted.ip) change.ip = wanted.ip->to_string();
    const bool now = draft.missing(network_key(network), "network " + wanted.name);
    for (const auto& alias : wanted.alias_ips) {
        const auto ip = alias.to_string();
        const auto key = alias_ip_key(network, ip);
        const auto what = alias_text(ip, wanted.name);
        if (!now) {
            draft.waits(key, what, "waits for the network");
        } else if (draft.missing(key, what)) {
            change.alias_ips.push_back(ip);
        }
    }
    if (now) draft.change(change, "register.networks names it");
}

void draft_alias_ips(RegistrationDraft& draft, const Config::Register::Network& wanted,
                     const cloud::Server::PrivateNet& place, MergeAliasIps& change) {
    for (const auto& alias : wanted.alias_ips) {
        const auto ip = alias.to_string();
        const auto key = alias_ip_key(place.network, ip);
        const auto what = alias_text(ip, wanted.name);
        if (!place.alias_ips) {
            draft.waits(key, what, "the API does not say which alias IPs there are");
        } else if (contains(place.alias_ips, ip)) {
            draft.there(key, what);
        } else if (draft.missing(key, what)) {
            change.add.push_back(ip);
        }
    }
}

void draft_place(RegistrationDraft& draft, const Config::Register::Network& wanted,
                 const cloud::Server::PrivateNet& place, MergeAliasIps& change) {
    const auto what = "network " + wanted.name;
    const auto key = network_key(place.network);
    if (wanted.ip && host::IpAddress::parse(place.ip) != wanted.ip) {
        draft.problem(key, what, "register.networks",
                      fmt::format("this server is in {} with {}, not {}; the API changes that only "
                                  "by detaching it: detach it yourself, or change the "
                                  "configuration",
                                  wanted.name, place.ip, wanted.ip->to_string()));
    } else {
        draft.there(key, what);
    }
    draft_alias_ips(draft, wanted, place, change);
}

/// "10.0.0.100" of the key of an alias IP.
std::string ip_of(const Key& key) {
    return key.name.substr(key.name.find(' ') + 1);
}

// Of a network that is gone from the configuration altogether, too. The attachment itself stays:
// nothing but a person takes a NIC away.
void drop_alias_ips(RegistrationDraft& draft, std::map<std::int64_t, MergeAliasIps>& changes) {
    const auto& server = draft.server();
    const auto is_there = [&](const Key& key, const std::string&) -> std::optional<bool> {
        if (!server.private_net) return std::nullopt;
        const auto* place = place_in(server, id_of(key));
        if (place == nullptr) return false;
        if (!place->alias_ips) return std::nullopt;
        return contains(place->alias_ips, ip_of(key));
    };
    for (const auto& key : draft.no_longer_wanted(Kind::alias_ip, Kind::network, is_there)) {
        auto& change = changes[id_of(key)];
        change.network = id_of(key);
        if (change.name.empty()) change.name = std::to_string(change.network);
        change.remove.push_back(ip_of(key));
    }
}

/// Why it cannot be reached by the wanted address; empty if it can.
std::string unreachable(const RegistrationDraft& draft, const cloud::LoadBalancer& balancer,
                        bool use_private_ip) {
    const auto& server = draft.server();
    if (!use_private_ip) {
        if (server.ipv4) return {};
        return fmt::format(
            "{} reaches targets by public IPv4, and this server has none; set "
            "use_private_ip: true, with both in one network",
            balancer.name);
    }
    if (!balancer.private_net || !server.private_net) return {};
    const auto shared = [&](const auto& net) { return place_in(server, net.network) != nullptr; };
    const auto& nets = *balancer.private_net;
    if (std::any_of(nets.begin(), nets.end(), shared)) return {};
    if (nets.empty()) {
        return fmt::format(
            "{} is in no network: attach it to one of this server's, or set "
            "use_private_ip: false",
            balancer.name);
    }
    return fmt::format(
        "{} is in another network ({}) than this server: attach one of them to the "
        "other's, or set use_private_ip: false",
        balancer.name, nets.front().network);
}

/// The configuration attaches this server to one of its networks, but that has not happened yet.
bool network_is_coming(const RegistrationDraft& draft, const cloud::LoadBalancer& balancer) {
    if (!balancer.private_net) return false;
    const auto& lookups = draft.input().project.networks;
    const auto& wanted = draft.input().wanted.networks;
    return std::any_of(wanted.begin(), wanted.end(), [&](const auto& network) {
        const auto found = lookups.find(network.name);
        if (found == lookups.end() || !found->second.resource) return false;
        const auto id = found->second.resource->id;
        const auto& nets = *balancer.private_net;
        return place_in(draft.server(), id) == nullptr &&
               std::any_of(nets.begin(), nets.end(),
                           [&](const auto& net) { return net.network == id; });
    });
}

class BalancerDraft {
  public:
    BalancerDraft(RegistrationDraft& draft, const Config::Register::LoadBalancer& wanted,
                  const cloud::LoadBalancer& balancer)
        : draft_(draft),
          wanted_(wanted),
          balancer_(balancer),
          target_(target_of(balancer, draft.server().id)),
          key_(target_key(balancer.id)),
          what_("load_balancer " + wanted.name) {}

    void add() {
        if (!balancer_.targets) {
            return draft_.waits(key_, what_, "the API does not say which targets there are");
        }
        if (draft_.input().drained.contains(wanted_.name)) return leave();
        if (target_.direct != nullptr) return keep();
        if (target_.through != nullptr)
            return draft_.theirs(key_, what_, through(target_.through->label_selector));
        join();
    }

  private:
    void leave() {
        if (target_.direct != nullptr) {
            draft_.change(RemoveTarget{balancer_.id, wanted_.name}, "this server is drained");
            return draft_.there(key_, what_, "to be left: this server is drained");
        }
        if (target_.through != nullptr) {
            return draft_.problem(
                key_, what_, "register.load_balancers",
                fmt::format("{} covers this server {}, and cannot be left while its label matches",
                            wanted_.name, through(target_.through->label_selector)));
        }
        draft_.drained(key_, what_, "`hcloud-agent load-balancer join` brings it back");
    }

    void keep() {
        if (target_.direct->use_private_ip == wanted_.use_private_ip) {
            return draft_.there(key_, what_);
        }
        if (!draft_.is_ours(key_)) {
            return draft_.problem(
                key_, what_, "register.load_balancers",
                fmt::format("somebody else made this server a target of {} by its {} IP: remove "
                            "that target, or set use_private_ip: {}",
                            wanted_.name, wanted_.use_private_ip ? "public" : "private",
                            !wanted_.use_private_ip));
        }
        const auto why = unreachable(draft_, balancer_, wanted_.use_private_ip);
        if (!why.empty()) return draft_.problem(key_, what_, "register.load_balancers", why);
        if (!draft_.missing(key_, what_)) return;
        draft_.change(RemoveTarget{balancer_.id, wanted_.name}, "use_private_ip has changed");
        draft_.change(AddTarget{balancer_.id, wanted_.name, wanted_.use_private_ip},
                      "use_private_ip has changed");
    }

    void join() {
        if (wanted_.use_private_ip && network_is_coming(draft_, balancer_)) {
            return draft_.waits(key_, what_, "waits for the network");
        }
        const auto why = unreachable(draft_, balancer_, wanted_.use_private_ip);
        if (!why.empty()) return draft_.problem(key_, what_, "register.load_balancers", why);
        if (!draft_.missing(key_, what_)) return;
        draft_.change(AddTarget{balancer_.id, wanted_.name, wanted_.use_private_ip},
                      "register.load_balancers names it");
    }

    RegistrationDraft& draft_;
    const Config::Register::LoadBalancer& wanted_;
    const cloud::LoadBalancer& balancer_;
    TargetOf target_;
    Key key_;
    std::string what_;
};

}  // namespace

void draft_networks(RegistrationDraft& draft) {
    std::map<std::int64_t, MergeAliasIps> changes;
    for (const auto& wanted : draft.input().wanted.networks) {
        const auto what = "network " + wanted.name;
        const auto* network = resolve(draft, draft.input().project.networks, Kind::network,
                                      wanted.name, what, "register.networks");
        if (network == nullptr) continue;
        if (!draft.server().private_net) {
            draft.waits(network_key(network->id), what, "the API does not say which there are");
            continue;
        }
        const auto* place = place_in(draft.server(), network->id);
        if (place == nullptr) {
            draft_attachment(draft, wanted, network->id);
            continue;
        }
        MergeAliasIps change{network->id, wanted.name, {}, {}};
        draft_place(draft, wanted, *place, change);
        if (!change.add.empty()) changes[network->id] = change;
    }
    drop_alias_ips(draft, changes);
    for (const auto& [network, change] : changes) {
        draft.change(change, change.add.empty() ? "register.networks no longer names them"
                                                : "register.networks says so");
    }
}

void draft_load_balancers(RegistrationDraft& draft) {
    for (const auto& wanted : draft.input().wanted.load_balancers) {
        const auto* balancer =
            resolve(draft, draft.input().project.load_balancers, Kind::load_balancer, wanted.name,
                    "load_balancer " + wanted.name, "register.load_balancers");
        if (balancer != nullptr) BalancerDraft(draft, wanted, *balancer).add();
    }
    const auto& balancers = draft.server().load_balancers;
    const auto is_there = [&](const Key& key, const std::string&) -> std::optional<bool> {
        if (!balancers) return std::nullopt;
        return std::find(balancers->begin(), balancers->end(), id_of(key)) != balancers->end();
    };
    for (const auto& key :
         draft.no_longer_wanted(Kind::load_balancer, Kind::load_balancer, is_there)) {
        draft.change(RemoveTarget{id_of(key), std::to_string(id_of(key))},
                     "register.load_balancers no longer names it");
    }
}

}  // namespace hcloud::agent

#include "tests/simulator/state/rules.h"

#include "tests/simulator/resources/images.h"
#include "tests/simulator/values.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using Pointer = ObjectReader::Pointer;

Pointer at(const char* section, Id id) {
    return Pointer() / section / std::to_string(id);
}

template <typename T>
void require(const std::map<Id, T>& entries, std::optional<Id> id, const char* what,
             const Pointer& where) {
    if (!id || entries.count(*id) != 0) return;
    throw StateError(where, fmt::format("there is no {} {}", what, *id));
}

void check_address(const Network& network, const std::string& ip, const Pointer& where) {
    const auto address = parse_ipv4(ip);
    if (address && parse_range(network.ip_range)->contains(*address)) return;
    throw StateError(where, fmt::format("'{}' is no address of {}", ip, network.ip_range));
}

void check_servers(const State& state) {
    std::set<std::pair<Id, std::string>> used;
    for (const auto& [id, server] : state.servers) {
        for (std::size_t i = 0; i < server.private_net.size(); ++i) {
            const PrivateNet& net = server.private_net[i];
            const Pointer where = at("servers", id) / "private_net" / i;
            require(state.networks, net.network, "network", where / "network");
            const Network& network = state.networks.at(net.network);
            check_address(network, net.ip, where / "ip");
            std::vector<std::string> addresses = net.alias_ips;
            for (const std::string& alias : addresses)
                check_address(network, alias, where / "alias_ips");
            addresses.push_back(net.ip);
            for (const std::string& ip : addresses) {
                if (used.emplace(net.network, ip).second) continue;
                throw StateError(
                    where, fmt::format("address {} is used twice in network {}", ip, net.network));
            }
        }
    }
}

void check_ssh_keys(const State& state) {
    std::set<std::string> known;
    for (const auto& [id, key] : state.ssh_keys) {
        if (known.insert(*ssh_fingerprint(key.public_key)).second) continue;
        throw StateError(at("ssh_keys", id) / "public_key", "is there twice");
    }
}

void check_placement_group(const State& state, Id server, Id group) {
    const Pointer where = at("servers", server) / "placement_group";
    require(state.placement_groups, group, "placement group", where);
    const auto members =
        std::count_if(state.servers.begin(), state.servers.end(),
                      [&](const auto& entry) { return entry.second.placement_group == group; });
    if (static_cast<std::size_t>(members) <= kMaxServersOfPlacementGroup) return;
    throw StateError(where, fmt::format("placement group {} has more than {} servers", group,
                                        kMaxServersOfPlacementGroup));
}

void check_images(const State& state) {
    for (const auto& [id, server] : state.servers) {
        const bool offered = server.image && find_catalog_image(*server.image) != nullptr;
        if (!offered) require(state.images, server.image, "image", at("servers", id) / "image");
        if (server.placement_group) check_placement_group(state, id, *server.placement_group);
    }
    for (const auto& [id, image] : state.images)
        require(state.servers, image.bound_to, "server", at("images", id) / "bound_to");
}

void check_public_ips(const State& state) {
    std::set<std::pair<Id, std::string>> taken;
    for (const auto& [id, ip] : state.primary_ips) {
        const Pointer where = at("primary_ips", id) / "assignee";
        require(state.servers, ip.assignee, "server", where);
        if (!ip.assignee || taken.emplace(*ip.assignee, ip.type).second) continue;
        throw StateError(where,
                         fmt::format("server {} has another {} already", *ip.assignee, ip.type));
    }
    for (const auto& [id, floating] : state.floating_ips)
        require(state.servers, floating.server, "server", at("floating_ips", id) / "server");
}

void check_volumes(const State& state) {
    std::map<Id, std::size_t> attached;
    for (const auto& [id, volume] : state.volumes) {
        if (!volume.server) continue;
        const Pointer where = at("volumes", id) / "server";
        require(state.servers, volume.server, "server", where);
        if (state.servers.at(*volume.server).location != volume.location) {
            throw StateError(
                where, fmt::format("server {} is not in {}", *volume.server, volume.location));
        }
        if (++attached[*volume.server] <= kMaxVolumesPerServer) continue;
        throw StateError(where, fmt::format("server {} has more than {} volumes", *volume.server,
                                            kMaxVolumesPerServer));
    }
}

void check_firewalls(const State& state) {
    for (const auto& [id, firewall] : state.firewalls) {
        for (std::size_t i = 0; i < firewall.servers.size(); ++i) {
            require(state.servers, firewall.servers[i], "server",
                    at("firewalls", id) / "servers" / i);
        }
    }
}

/// Nobody else may have its address there.
void check_place(const State& state, Id id, const LoadBalancerNet& net, const Pointer& where) {
    require(state.networks, net.network, "network", where / "network");
    check_address(state.networks.at(net.network), net.ip, where / "ip");
    const auto refuse_if = [&](bool used) {
        if (!used) return;
        throw StateError(
            where, fmt::format("address {} is used twice in network {}", net.ip, net.network));
    };
    for (const auto& [server_id, server] : state.servers) {
        for (const PrivateNet& other : server.private_net) {
            const auto& alias_ips = other.alias_ips;
            refuse_if(other.network == net.network &&
                      (other.ip == net.ip ||
                       std::find(alias_ips.begin(), alias_ips.end(), net.ip) != alias_ips.end()));
        }
    }
    for (const auto& [other_id, other] : state.load_balancers)
        refuse_if(other_id != id && other.private_net == net);
}

void check_load_balancers(const State& state) {
    for (const auto& [id, balancer] : state.load_balancers) {
        const Pointer where = at("load_balancers", id);
        if (balancer.private_net)
            check_place(state, id, *balancer.private_net, where / "private_net");
        for (std::size_t i = 0; i < balancer.targets.size(); ++i) {
            if (balancer.targets[i].type != "server") continue;
            require(state.servers, balancer.targets[i].server, "server",
                    where / "targets" / i / "server");
        }
        for (std::size_t i = 0; i < balancer.services.size(); ++i) {
            for (const Id certificate : balancer.services[i].http.certificates) {
                require(state.certificates, certificate, "certificate",
                        where / "services" / i / "http" / "certificates");
            }
        }
    }
}

}  // namespace

void check_rules(const State& state) {
    check_servers(state);
    check_images(state);
    check_public_ips(state);
    check_volumes(state);
    check_ssh_keys(state);
    check_firewalls(state);
    check_load_balancers(state);
    require(state.servers, state.metadata.default_server, "server",
            Pointer() / "metadata" / "default_server");
}

}  // namespace hcloud::sim

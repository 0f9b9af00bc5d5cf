// POST /firewalls/{id}/actions/apply_to_resources and remove_from_resources.
#include "tests/simulator/resources/firewall_resources.h"

#include "tests/simulator/label_selector.h"
#include "tests/simulator/resources/firewalls.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

template <typename T>
bool contains(const std::vector<T>& list, const T& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

bool has_public_interface(const State& state, Id server) {
    return public_ip_of(state, server, "ipv4") || public_ip_of(state, server, "ipv6");
}

FirewallResource read_resource(InputFields& fields) {
    FirewallResource resource;
    const std::string type = fields.choice("type", {"server", "label_selector"}, std::nullopt);
    if (type == "server") {
        if (auto server = fields.object("server", true)) {
            resource.server = server->integer("id");
            fields.absorb(*server);
        }
    } else if (type == "label_selector") {
        if (auto selector = fields.object("label_selector", true)) {
            resource.selector = selector->required_text("selector");
            if (!LabelSelector::parse(resource.selector)) {
                selector->refuse("selector", "Not a valid label selector.");
            }
            fields.absorb(*selector);
        }
    }
    return resource;
}

/// How creating and applying say the same thing.
struct Codes {
    const char* twice;
    const char* no_public_interface;
};
constexpr Codes kOfCreating{"server_already_added", "incompatible_network_type"};
constexpr Codes kOfApplying{"firewall_already_applied", "private_net_only_server"};

[[noreturn]] void refuse_unknown(Id server) {
    throw ApiError(404, "firewall_resource_not_found",
                   fmt::format("server with ID '{}' not found", server));
}

/// Throws if one more firewall cannot be applied to the server.
void require_room(const State& state, Id server) {
    std::size_t count = 0;
    for (const auto& [id, firewall] : state.firewalls)
        count += applies_to(state, firewall, server) ? 1 : 0;
    if (count < kMaxFirewallsPerServer) return;
    throw ApiError(403, "resource_limit_exceeded",
                   fmt::format("server with ID '{}' has {} firewalls already", server, count));
}

void require_applicable(const State& state, Id server, const Codes& codes) {
    if (state.servers.count(server) == 0) refuse_unknown(server);
    if (has_public_interface(state, server)) return;
    throw ApiError(422, codes.no_public_interface,
                   fmt::format("server with ID '{}' has no public interface", server));
}

/// `now`: what the firewall is at the moment.
void require_applicable(const State& state, const Firewall& now, const FirewallResources& resources,
                        const Codes& codes) {
    Firewall then = now;
    for (const auto& [server, selector] : resources) {
        if (server != 0) require_applicable(state, server, codes);
        const bool twice =
            server != 0 ? contains(then.servers, server) : contains(then.selectors, selector);
        if (twice) throw ApiError(422, codes.twice, "firewall is already applied to the resource");
        for (const Id one : server != 0 ? std::vector{server} : selected_servers(state, selector)) {
            if (!applies_to(state, now, one)) require_room(state, one);
        }
        if (server != 0) {
            then.servers.push_back(server);
        } else {
            then.selectors.push_back(selector);
        }
    }
}

Effect apply_selector(Id id, const std::string& selector) {
    return on<Firewall>(firewalls(), id, [=](Firewall& firewall) {
        if (!contains(firewall.selectors, selector)) firewall.selectors.push_back(selector);
    });
}

Effect remove_selector(Id id, const std::string& selector) {
    return on<Firewall>(firewalls(), id, [=](Firewall& firewall) {
        auto& selectors = firewall.selectors;
        selectors.erase(std::remove(selectors.begin(), selectors.end(), selector), selectors.end());
    });
}

Effect remove_server(Id id, Id server) {
    return on<Firewall>(firewalls(), id, [=](Firewall& firewall) {
        auto& servers = firewall.servers;
        servers.erase(std::remove(servers.begin(), servers.end(), server), servers.end());
    });
}

ActionPlan plan(const char* command, Id id, std::optional<Id> server, Effect effect) {
    ActionPlan plan{.command = command,
                    .resources = {{id, "firewall"}},
                    .effect = std::move(effect),
                    .spared = "server"};
    if (server) plan.resources.insert(plan.resources.begin(), {*server, "server"});
    return plan;
}

/// A selector's action for each server that it means, each of which does it all; one without a
/// server if it means none.
std::vector<json> start_for_selector(World& world, const char* command, Id id,
                                     const std::string& selector, const Effect& effect) {
    std::vector<json> actions;
    for (const Id server : selected_servers(world.state(), selector)) {
        actions.push_back(action_json(world, world.start(plan(command, id, server, effect))));
    }
    if (actions.empty()) {
        actions.push_back(action_json(world, world.start(plan(command, id, {}, effect))));
    }
    return actions;
}

Response apply_to_resources(World& world, const Request& request) {
    const Id id = path_id(request);
    const Firewall& firewall = require(world, firewalls(), id);
    InputFields fields(request);
    const FirewallResources resources = read_firewall_resources(fields, "apply_to", true);
    fields.finish();
    require_idle(world, firewalls(), id);
    require_applicable(world.state(), firewall, resources, kOfApplying);
    return json_response(201, {{"actions", start_applying(world, id, resources)}});
}

void require_removable(const State& state, const Firewall& firewall,
                       const FirewallResource& resource) {
    const auto& [server, selector] = resource;
    if (server != 0 && state.servers.count(server) == 0) refuse_unknown(server);
    if (server == 0 ? contains(firewall.selectors, selector) : contains(firewall.servers, server)) {
        return;
    }
    if (server != 0 && applies_to(state, firewall, server)) {
        throw ApiError(422, "firewall_managed_by_label_selector",
                       "firewall is applied via a label selector and cannot be removed manually");
    }
    throw ApiError(422, "firewall_already_removed",
                   "firewall is already removed from the resource");
}

Response remove_from_resources(World& world, const Request& request) {
    const Id id = path_id(request);
    const Firewall& firewall = require(world, firewalls(), id);
    InputFields fields(request);
    const FirewallResources resources = read_firewall_resources(fields, "remove_from", true);
    fields.finish();
    require_idle(world, firewalls(), id);
    for (const FirewallResource& resource : resources)
        require_removable(world.state(), firewall, resource);
    std::vector<json> actions;
    for (const auto& [server, selector] : resources) {
        if (server != 0) {
            actions.push_back(action_json(world, world.start(plan("remove_firewall", id, server,
                                                                  remove_server(id, server)))));
            continue;
        }
        for (json& action : start_for_selector(world, "remove_firewall", id, selector,
                                               remove_selector(id, selector))) {
            actions.push_back(std::move(action));
        }
    }
    return json_response(201, {{"actions", actions}});
}

}  // namespace

bool applies_to(const State& state, const Firewall& firewall, Id server) {
    if (contains(firewall.servers, server)) return true;
    const auto found = state.servers.find(server);
    if (found == state.servers.end() || !has_public_interface(state, server)) return false;
    return std::any_of(firewall.selectors.begin(), firewall.selectors.end(),
                       [&](const std::string& selector) {
                           return LabelSelector::parse(selector)->matches(found->second.labels);
                       });
}

std::vector<Id> selected_servers(const State& state, const std::string& selector) {
    const auto parsed = LabelSelector::parse(selector);
    std::vector<Id> selected;
    for (const auto& [id, server] : state.servers) {
        if (parsed->matches(server.labels) && has_public_interface(state, id)) {
            selected.push_back(id);
        }
    }
    return selected;
}

json server_firewalls_json(const World& world, Id server) {
    json list = json::array();
    for (const auto& [id, firewall] : world.state().firewalls) {
        const bool pending =
            world.running("apply_firewall", {{server, "server"}, {id, "firewall"}});
        if (!pending && !applies_to(world.state(), firewall, server)) continue;
        list.push_back({{"id", id}, {"status", pending ? "pending" : "applied"}});
    }
    return list;
}

ActionPlan apply_firewall_plan(Id id, Id server) {
    Effect apply = [=](State& state) -> std::optional<ActionError> {
        Firewall* const firewall = find(state, firewalls(), id);
        if (firewall == nullptr || state.servers.count(server) == 0) {
            return ActionError{"action_failed", "the firewall or the server is gone"};
        }
        if (!contains(firewall->servers, server)) firewall->servers.push_back(server);
        return std::nullopt;
    };
    return plan("apply_firewall", id, server, std::move(apply));
}

void remove_from_firewalls(State& state, Id server) {
    for (auto& [id, firewall] : state.firewalls) {
        auto& servers = firewall.servers;
        servers.erase(std::remove(servers.begin(), servers.end(), server), servers.end());
    }
}

FirewallResources read_firewall_resources(InputFields& fields, const std::string& name,
                                          bool required) {
    FirewallResources resources;
    for (InputFields& part : fields.objects(name, required)) {
        resources.push_back(read_resource(part));
        fields.absorb(part);
    }
    if (required && fields.good() && resources.empty()) {
        fields.refuse(name, "Field may not be empty.");
    }
    return resources;
}

void require_applicable_to_new(const World& world, const FirewallResources& resources) {
    require_applicable(world.state(), Firewall(), resources, kOfCreating);
}

std::vector<json> start_applying(World& world, Id id, const FirewallResources& resources) {
    std::vector<json> actions;
    for (const auto& [server, selector] : resources) {
        if (server != 0) {
            actions.push_back(action_json(world, world.start(apply_firewall_plan(id, server))));
            continue;
        }
        for (json& action : start_for_selector(world, "apply_firewall", id, selector,
                                               apply_selector(id, selector))) {
            actions.push_back(std::move(action));
        }
    }
    return actions;
}

void add_firewall_resources(Router& router) {
    router.add("POST", "/v1/firewalls/{id}/actions/apply_to_resources", apply_to_resources);
    router.add("POST", "/v1/firewalls/{id}/actions/remove_from_resources", remove_from_resources);
}

}  // namespace hcloud::sim

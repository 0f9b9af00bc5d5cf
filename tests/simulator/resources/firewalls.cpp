// Firewalls and their rules. Where they are applied: firewall_resources.cpp.
#include "tests/simulator/resources/firewalls.h"

#include "tests/simulator/resources/firewall_resources.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestName = 128;

json server_reference(Id server) {
    return {{"type", "server"}, {"server", {{"id", server}}}};
}

json applied_to_json(const State& state, const Firewall& firewall) {
    json resources = json::array();
    for (const Id server : firewall.servers)
        resources.push_back(server_reference(server));
    for (const std::string& selector : firewall.selectors) {
        json selected = json::array();
        for (const Id server : selected_servers(state, selector))
            selected.push_back(server_reference(server));
        resources.push_back({{"type", "label_selector"},
                             {"label_selector", {{"selector", selector}}},
                             {"applied_to_resources", selected}});
    }
    return resources;
}

json firewall_json(const World& world, Id id, const Firewall& firewall) {
    json rules = json::array();
    for (const FirewallRule& rule : firewall.rules)
        rules.push_back(rule_json(rule));
    return {{"id", id},
            {"name", firewall.name},
            {"labels", firewall.labels},
            {"created", world.timestamp(firewall.created)},
            {"rules", rules},
            {"applied_to", applied_to_json(world.state(), firewall)}};
}

FirewallRule read_rule(InputFields& fields) {
    FirewallRule rule;
    rule.direction = fields.choice("direction", kDirections, std::nullopt);
    rule.protocol = fields.choice("protocol", kFirewallProtocols, std::nullopt);
    rule.port = fields.text("port");
    rule.source_ips = fields.texts("source_ips", false);
    rule.destination_ips = fields.texts("destination_ips", false);
    rule.description = fields.text("description");
    if (!fields.good()) return rule;
    for (const auto& [field, message] : faults_in(rule))
        fields.refuse(field, message);
    return rule;
}

std::vector<FirewallRule> read_rules(InputFields& fields, bool required) {
    std::vector<FirewallRule> rules;
    for (InputFields& part : fields.objects("rules", required)) {
        rules.push_back(read_rule(part));
        fields.absorb(part);
    }
    if (const auto fault = fault_in_number(rules)) fields.refuse("rules", *fault);
    return rules;
}

void check_name(InputFields& fields, const std::string& name) {
    if (name.size() <= kLongestName) return;
    fields.refuse("name", fmt::format("Longer than maximum length {}.", kLongestName));
}

/// One that sets the rules, and one for each server that gets them.
json start_setting(World& world, Id id, std::vector<FirewallRule> rules) {
    const Firewall& now = require(world, firewalls(), id);
    std::vector<Id> affected;
    for (const auto& [server, unused] : world.state().servers) {
        if (applies_to(world.state(), now, server)) affected.push_back(server);
    }
    const Action& setting = world.start(
        {.command = "set_firewall_rules",
         .resources = {{id, "firewall"}},
         .effect = on<Firewall>(firewalls(), id, [rules = std::move(rules)](Firewall& firewall) {
             firewall.rules = rules;
         })});
    const Id first = setting.id;
    json actions = json::array({action_json(world, setting)});
    for (const Id server : affected) {
        ActionPlan applying = apply_firewall_plan(id, server);
        applying.effect = nullptr;
        applying.after = first;
        actions.push_back(action_json(world, world.start(std::move(applying))));
    }
    return actions;
}

Response set_rules(World& world, const Request& request) {
    const Id id = path_id(request);
    require(world, firewalls(), id);
    InputFields fields(request);
    std::vector<FirewallRule> rules = read_rules(fields, true);
    fields.finish();
    require_idle(world, firewalls(), id);
    return json_response(201, {{"actions", start_setting(world, id, std::move(rules))}});
}

Response create_firewall(World& world, const Request& request) {
    InputFields fields(request);
    Firewall firewall;
    firewall.name = fields.required_text("name");
    check_name(fields, firewall.name);
    firewall.labels = fields.labels().value_or(Labels());
    firewall.rules = read_rules(fields, false);
    const FirewallResources resources = read_firewall_resources(fields, "apply_to", false);
    fields.finish();
    require_applicable_to_new(world, resources);
    const bool has_rules = !firewall.rules.empty();
    const Id id = create(world, firewalls(), std::move(firewall));
    json actions = json::array();
    if (has_rules) {
        actions.push_back(action_json(world, world.start({.command = "set_firewall_rules",
                                                          .resources = {{id, "firewall"}},
                                                          .effect = nullptr})));
    }
    for (json& action : start_applying(world, id, resources))
        actions.push_back(std::move(action));
    return json_response(201, {{"firewall", show(world, firewalls(), id)}, {"actions", actions}});
}

std::function<void(Firewall&)> read_update(InputFields& fields) {
    check_name(fields, fields.text("name").value_or(""));
    return {};
}

void refuse_used(const World& /*world*/, Id id, const Firewall& firewall) {
    if (firewall.servers.empty() && firewall.selectors.empty()) return;
    throw ApiError(422, "resource_in_use", fmt::format("firewall with ID {} is still in use", id));
}

}  // namespace

const Kind<Firewall>& firewalls() {
    static const Kind<Firewall> kKind{.plural = "firewalls",
                                      .singular = "firewall",
                                      .title = "firewall",
                                      .entries = &State::firewalls,
                                      .show = firewall_json,
                                      .list = {},
                                      .actions_conflict = true,
                                      .updates_conflict = true};
    return kKind;
}

void add_firewalls(Router& router) {
    add_reading(router, firewalls());
    add_updating<Firewall>(router, firewalls(), read_update);
    add_deleting<Firewall>(router, firewalls(), refuse_used);
    add_action_lists(router, firewalls());
    add_firewall_resources(router);
    router.add("POST", "/v1/firewalls", create_firewall);
    router.add("POST", "/v1/firewalls/{id}/actions/set_rules", set_rules);
}

}  // namespace hcloud::sim

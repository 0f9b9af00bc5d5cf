// Floating IPs.
#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/dns_ptr.h"
#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/reverse_dns.h"
#include "tests/simulator/values.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

json floating_ip_json(const World& world, Id id, const FloatingIp& floating) {
    return {{"id", id},
            {"name", floating.name},
            {"description", floating.description},
            {"ip", floating.ip},
            {"type", floating.type},
            {"server", or_null(floating.server)},
            {"dns_ptr", dns_ptr_json(floating.ip, floating.dns_ptr)},
            {"home_location", location_json(floating.home_location)},
            {"blocked", false},
            {"protection", {{"delete", floating.delete_protection}}},
            {"labels", floating.labels},
            {"created", world.timestamp(floating.created)}};
}

Effect move_to(Id id, std::optional<Id> server) {
    return [=](State& state) -> std::optional<ActionError> {
        const auto floating = state.floating_ips.find(id);
        const bool server_gone = server && state.servers.count(*server) == 0;
        if (floating == state.floating_ips.end() || server_gone) {
            return ActionError{"action_failed", "the floating IP or the server is gone"};
        }
        floating->second.server = server;
        return std::nullopt;
    };
}

void require_both_idle(const World& world, Id id, std::optional<Id> server) {
    if (server) require_idle(world, servers(), *server);
    require_idle(world, floating_ips(), id);
}

Response move(World& world, const char* command, Id id, std::optional<Id> locks,
              std::optional<Id> to) {
    ActionPlan plan{
        .command = command, .resources = {{id, "floating_ip"}}, .effect = move_to(id, to)};
    if (locks) plan.resources.insert(plan.resources.begin(), {*locks, "server"});
    return created(world, std::move(plan));
}

void refuse_assigned_already(const State& state, std::optional<Id> holder, Id server) {
    const char* const name = holder == server ? "assign_to_holder" : "assign_to_other";
    const std::string how = state.switches.get(name);
    // The code is younger than the reference.
    if (!holder || how == "success" || state.profile == Profile::of_2025_06) return;
    throw ApiError(422, how, "floating IP is already assigned");
}

Response assign(World& world, const Request& request) {
    const Id id = path_id(request);
    const FloatingIp& floating = require(world, floating_ips(), id);
    InputFields fields(request);
    const Id server = fields.integer("server");
    fields.finish();
    require(world, servers(), server);
    require_both_idle(world, id, server);
    refuse_assigned_already(world.state(), floating.server, server);
    return move(world, "assign_floating_ip", id, server, server);
}

Response unassign(World& world, const Request& request) {
    const Id id = path_id(request);
    const FloatingIp& floating = require(world, floating_ips(), id);
    require_both_idle(world, id, floating.server);
    const std::string how = world.state().switches.get("unassign_unassigned");
    if (!floating.server && how != "success") {
        throw ApiError(422, how, "floating IP is not assigned");
    }
    return move(world, "unassign_floating_ip", id, floating.server, std::nullopt);
}

FloatingIp read_new(InputFields& fields) {
    FloatingIp floating;
    floating.type = fields.choice("type", {"ipv4", "ipv6"}, std::nullopt);
    floating.name = fields.text("name").value_or("");
    floating.description = fields.text("description").value_or("");
    floating.labels = fields.labels().value_or(Labels());
    floating.server = fields.optional_integer("server");
    const auto home = fields.reference("home_location");
    const Location* const location = home ? find_location_by(*home) : nullptr;
    if (home && location == nullptr) fields.refuse("home_location", "No such location.");
    if (home.has_value() == floating.server.has_value()) {
        fields.refuse("home_location", "Exactly one of server and home_location is needed.");
    }
    fields.finish();
    if (location != nullptr) floating.home_location = location->name;
    return floating;
}

/// Answers with the server already, as the reference does, and takes it back if the action fails.
json start_creation(World& world, Id id, Id server) {
    const auto take_back = [id](State& state, const ActionError&) {
        FloatingIp* const floating = find(state, floating_ips(), id);
        if (floating != nullptr) floating->server.reset();
    };
    return action_json(world, world.start({.command = "create_floating_ip",
                                           .resources = {{server, "server"}, {id, "floating_ip"}},
                                           .effect = move_to(id, server),
                                           .on_error = take_back}));
}

Response create_floating_ip(World& world, const Request& request) {
    InputFields fields(request);
    FloatingIp floating = read_new(fields);
    const std::optional<Id> server = floating.server;
    if (server) {
        floating.home_location = require(world, servers(), *server).location;
        require_idle(world, servers(), *server);
    }
    refuse_before_create(world, floating_ips(), floating.name);
    floating.ip = allot_address(world, floating.type);
    const Id id = create(world, floating_ips(), std::move(floating));
    json answer = {{"floating_ip", show(world, floating_ips(), id)}};
    if (server) answer["action"] = start_creation(world, id, *server);
    return json_response(201, answer);
}

std::function<void(FloatingIp&)> read_update(InputFields& fields) {
    const auto description = fields.text("description");
    return [=](FloatingIp& floating) {
        if (description) floating.description = *description;
    };
}

void refuse_assigned(const World& world, Id /*id*/, const FloatingIp& floating) {
    if (world.state().profile == Profile::of_2025_06 || !floating.server) return;
    throw ApiError(422, "must_be_unassigned", "floating IP must be unassigned");
}

}  // namespace

const Kind<FloatingIp>& floating_ips() {
    static const Kind<FloatingIp> kKind{"floating_ips",   "floating_ip",
                                        "floating IP",    &State::floating_ips,
                                        floating_ip_json, {{"id", "created"}, {"name"}}};
    return kKind;
}

void add_floating_ips(Router& router) {
    add_reading(router, floating_ips());
    add_updating<FloatingIp>(router, floating_ips(), read_update);
    add_deleting<FloatingIp>(router, floating_ips(), refuse_assigned);
    add_protecting(router, floating_ips(), nullptr, {.required = true});
    add_reverse_dns(router, floating_ips());
    add_action_lists(router, floating_ips());
    router.add("POST", "/v1/floating_ips", create_floating_ip);
    router.add("POST", "/v1/floating_ips/{id}/actions/assign", assign);
    router.add("POST", "/v1/floating_ips/{id}/actions/unassign", unassign);
}

}  // namespace hcloud::sim

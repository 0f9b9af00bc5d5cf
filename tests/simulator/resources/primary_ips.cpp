// Primary IPs. Assigning: primary_ip_actions.cpp.
#include "tests/simulator/resources/dns_ptr.h"
#include "tests/simulator/resources/kinds.h"
#include "tests/simulator/resources/locations.h"
#include "tests/simulator/resources/primary_ip_rules.h"
#include "tests/simulator/resources/reverse_dns.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

bool is_2025(const World& world) {
    return world.state().profile == Profile::of_2025_06;
}

json primary_ip_json(const World& world, Id id, const PrimaryIp& ip) {
    const bool server = ip.assignee.has_value() || is_2025(world);
    json object = {{"id", id},
                   {"name", ip.name},
                   {"labels", ip.labels},
                   {"created", world.timestamp(ip.created)},
                   {"blocked", false},
                   {"ip", ip.ip},
                   {"dns_ptr", dns_ptr_json(ip.ip, ip.dns_ptr)},
                   {"protection", {{"delete", ip.delete_protection}}},
                   {"type", ip.type},
                   {"auto_delete", ip.auto_delete},
                   {"assignee_type", server ? "server" : "unassigned"},
                   {"assignee_id", or_null(ip.assignee)}};
    if (is_2025(world)) {
        const Location& place = *find_location(ip.location);
        object["datacenter"] = datacenter_json(world, place, std::string(place.datacenter));
    } else {
        object["location"] = location_json(ip.location);
    }
    return object;
}

/// What says where a new one is to be: "datacenter" until 2026, "location" since.
std::string place_key(const World& world, const InputFields& fields) {
    if (is_2025(world)) return "datacenter";
    const bool old = world.state().switches.get("datacenter_in_requests") == "accepted";
    return old && fields.has("datacenter") && !fields.has("location") ? "datacenter" : "location";
}

/// By id or name; nullptr if an assignee says where.
const Location* read_place(const World& world, InputFields& fields) {
    const std::string key = place_key(world, fields);
    const auto named = fields.reference(key);
    if (named.has_value() == fields.has("assignee_id")) {
        fields.refuse(key, "Exactly one of " + key + " and assignee_id is needed.");
        return nullptr;
    }
    if (!named) return nullptr;
    const Location* const place =
        key == "datacenter" ? find_datacenter(*named) : find_location_by(*named);
    if (place == nullptr) fields.refuse(key, "There is none of that id or name.");
    return place;
}

/// Optional since 2026-04, but not with an assignee.
void read_assignee_type(const World& world, InputFields& fields) {
    const bool needed = is_2025(world) || fields.has("assignee_id");
    if (needed || fields.has("assignee_type")) {
        fields.choice("assignee_type", {"server"}, std::nullopt);
    }
}

PrimaryIp read_new(const World& world, InputFields& fields) {
    PrimaryIp ip;
    ip.name = fields.required_text("name");
    ip.type = fields.choice("type", {"ipv4", "ipv6"}, std::nullopt);
    ip.labels = fields.labels().value_or(Labels());
    ip.auto_delete = fields.boolean("auto_delete").value_or(false);
    ip.assignee = fields.optional_integer("assignee_id");
    read_assignee_type(world, fields);
    const Location* const place = read_place(world, fields);
    fields.finish();
    if (place != nullptr) ip.location = place->name;
    return ip;
}

/// Answers with the server already, as the reference does, and takes it back if the action fails.
json start_creation(World& world, Id id, Id server) {
    const auto take_back = [id](State& state, const ActionError&) {
        PrimaryIp* const ip = find(state, primary_ips(), id);
        if (ip != nullptr) ip->assignee.reset();
    };
    return action_json(world, world.start({.command = "create_primary_ip",
                                           .resources = {{server, "server"}, {id, "primary_ip"}},
                                           .effect = assign_to(id, server),
                                           .on_error = take_back}));
}

Response create_primary_ip(World& world, const Request& request) {
    InputFields fields(request);
    PrimaryIp ip = read_new(world, fields);
    const std::optional<Id> server = ip.assignee;
    if (server) {
        ip.location = require(world, servers(), *server).location;
        require_takes(world, *server, ip.type);
    }
    refuse_before_create(world, primary_ips(), ip.name);
    ip.ip = allot_address(world, ip.type);
    const Id id = create(world, primary_ips(), std::move(ip));
    json answer = {{"primary_ip", show(world, primary_ips(), id)}};
    if (server) answer["action"] = start_creation(world, id, *server);
    return json_response(201, answer);
}

std::function<void(PrimaryIp&)> read_primary_ip_update(InputFields& fields) {
    const auto auto_delete = fields.boolean("auto_delete");
    return [=](PrimaryIp& ip) {
        if (auto_delete) ip.auto_delete = *auto_delete;
    };
}

void refuse_assigned(const World& world, Id /*id*/, const PrimaryIp& ip) {
    if (!ip.assignee) return;
    if (!is_2025(world)) {
        throw ApiError(422, "must_be_unassigned", "primary IP must be unassigned");
    }
    require_stopped(world, *ip.assignee);
}

void refuse_protection(const World& world, const PrimaryIp& ip, bool protect) {
    if (!protect || !ip.auto_delete) return;
    throw ApiError(422, world.state().switches.get("protect_auto_deleted"),
                   "a primary IP that is deleted with its server cannot be protected");
}

}  // namespace

const Kind<PrimaryIp>& primary_ips() {
    static const Kind<PrimaryIp> kKind{.plural = "primary_ips",
                                       .singular = "primary_ip",
                                       .title = "primary IP",
                                       .entries = &State::primary_ips,
                                       .show = primary_ip_json,
                                       .list = {{"id", "created"}, {"name", "ip"}},
                                       .updates_conflict = true};
    return kKind;
}

void add_primary_ips(Router& router) {
    add_reading(router, primary_ips());
    add_updating<PrimaryIp>(router, primary_ips(), read_primary_ip_update);
    add_deleting<PrimaryIp>(router, primary_ips(), refuse_assigned);
    add_protecting(router, primary_ips(), nullptr, {.required = true, .refuse = refuse_protection});
    add_reverse_dns(router, primary_ips());
    add_action_lists(router, primary_ips());
    router.add("POST", "/v1/primary_ips", create_primary_ip);
}

}  // namespace hcloud::sim

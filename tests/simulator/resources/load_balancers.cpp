// Load balancers: create, change type, algorithm and reverse DNS. Their parts have files of their
// own.
#include "tests/simulator/resources/load_balancers.h"

#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/load_balancer_parts.h"
#include "tests/simulator/resources/metrics.h"
#include "tests/simulator/resources/reverse_dns.h"
#include "tests/simulator/values.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

/// By location, or the first one of a zone.
std::string read_location(InputFields& fields) {
    const auto zone = fields.text("network_zone");
    const auto reference = fields.reference("location");
    if (!reference && !zone)
        fields.refuse("location", "One of location and network_zone is needed.");
    if (reference) {
        const Location* const location = find_location_by(*reference);
        if (location == nullptr) {
            fields.refuse("location", "No such location.");
            return "";
        }
        if (zone && location->network_zone != *zone) {
            fields.refuse("network_zone", "The location is in another one.");
        }
        return std::string(location->name);
    }
    for (const Location& location : locations()) {
        if (zone == location.network_zone) return std::string(location.name);
    }
    if (zone) fields.refuse("network_zone", "No such network zone.");
    return "";
}

std::string read_algorithm(InputFields& fields) {
    auto part = fields.object("algorithm", false);
    if (!part) return kAlgorithms.front();
    const std::string algorithm = part->choice("type", kAlgorithms, std::nullopt);
    fields.absorb(*part);
    return algorithm;
}

LoadBalancer read_plain(InputFields& fields) {
    LoadBalancer balancer;
    balancer.name = fields.required_text("name");
    const auto type = fields.reference("load_balancer_type");
    if (!type) fields.find("load_balancer_type", true);
    balancer.algorithm = read_algorithm(fields);
    balancer.location = read_location(fields);
    balancer.labels = fields.labels().value_or(Labels());
    balancer.public_interface = fields.boolean("public_interface").value_or(true);
    fields.finish();
    balancer.load_balancer_type = require_by_reference(load_balancer_types(), *type).name;
    return balancer;
}

void add_parts(const World& world, InputFields& fields, LoadBalancer& balancer) {
    const auto network = fields.optional_integer("network");
    std::vector<LoadBalancerService> services;
    for (InputFields& part : fields.objects("services", false)) {
        services.push_back(read_new_service(part));
        fields.absorb(part);
    }
    std::vector<LoadBalancerTarget> targets;
    for (InputFields& part : fields.objects("targets", false)) {
        targets.push_back(read_target(part));
        fields.absorb(part);
    }
    fields.finish();
    if (network) balancer.private_net = find_place(world, balancer, *network);
    for (LoadBalancerService& service : services) {
        require_service(world, balancer, service);
        balancer.services.push_back(std::move(service));
    }
    for (LoadBalancerTarget& target : targets) {
        require_target(world, balancer, target);
        balancer.targets.push_back(std::move(target));
    }
    if (!balancer.public_interface) require_private(world.state(), balancer);
}

Response create_load_balancer(World& world, const Request& request) {
    InputFields fields(request);
    LoadBalancer balancer = read_plain(fields);
    add_parts(world, fields, balancer);
    refuse_before_create(world, load_balancers(), balancer.name);
    balancer.ipv4 = allot_address(world, "ipv4");
    balancer.ipv6 = allot_address(world, "ipv6");
    const Id id = create(world, load_balancers(), std::move(balancer));
    const json action = action_json(world, world.start({.command = "create_load_balancer",
                                                        .resources = {{id, "load_balancer"}},
                                                        .effect = nullptr}));
    return json_response(
        201, {{"load_balancer", show(world, load_balancers(), id)}, {"action", action}});
}

Response change_algorithm(World& world, const Request& request) {
    const Id id = path_id(request);
    require(world, load_balancers(), id);
    InputFields fields(request);
    const std::string algorithm = fields.choice("type", kAlgorithms, std::nullopt);
    fields.finish();
    return change_load_balancer(world, "change_algorithm", id,
                                [=](LoadBalancer& changed) { changed.algorithm = algorithm; });
}

bool fits(const LoadBalancer& balancer, const LoadBalancerType& type) {
    std::set<Id> assigned;
    for (const LoadBalancerService& service : balancer.services)
        assigned.insert(service.http.certificates.begin(), service.http.certificates.end());
    return balancer.services.size() <= static_cast<std::size_t>(type.max_services) &&
           balancer.targets.size() <= static_cast<std::size_t>(type.max_targets) &&
           assigned.size() <= static_cast<std::size_t>(type.max_assigned_certificates);
}

Response change_type(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const auto reference = fields.reference("load_balancer_type");
    if (!reference) fields.find("load_balancer_type", true);
    fields.finish();
    const LoadBalancerType& type = require_by_reference(load_balancer_types(), *reference);
    if (type.name == balancer.load_balancer_type || !fits(balancer, type)) {
        throw ApiError(422, "invalid_load_balancer_type",
                       "load balancer type does not fit for the load balancer");
    }
    return change_load_balancer(
        world, "change_load_balancer_type", id,
        [name = type.name](LoadBalancer& changed) { changed.load_balancer_type = name; });
}

Response change_dns_ptr(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    const auto change = read_dns_ptr_change(request, {balancer.ipv4, balancer.ipv6_address()});
    return change_load_balancer(world, "change_dns_ptr", id,
                                [=](LoadBalancer& changed) { apply(changed.dns_ptr, change); });
}

Response get_metrics(World& world, const Request& request) {
    static const SeriesOfTypes kSeries{{"open_connections", {"open_connections"}},
                                       {"connections_per_second", {"connections_per_second"}},
                                       {"requests_per_second", {"requests_per_second"}},
                                       {"bandwidth", {"bandwidth.in", "bandwidth.out"}}};
    require(world, load_balancers(), path_id(request));
    return metrics_response(world, request, kSeries);
}

}  // namespace

const LoadBalancerType& type_of(const LoadBalancer& balancer) {
    return *find_by_reference(load_balancer_types(), balancer.load_balancer_type);
}

Response change_load_balancer(World& world, const char* command, Id id,
                              std::function<void(LoadBalancer&)> change) {
    require_idle(world, load_balancers(), id);
    return created(world, {.command = command,
                           .resources = {{id, "load_balancer"}},
                           .effect = on<LoadBalancer>(load_balancers(), id, std::move(change))});
}

void require_within(int limit, std::size_t count, const std::string& what) {
    if (count <= static_cast<std::size_t>(limit)) return;
    throw ApiError(403, "resource_limit_exceeded",
                   fmt::format("load balancer cannot have more than {} {}", limit, what));
}

// "conflict" as seen in terraform-provider-hcloud#182.
const Kind<LoadBalancer>& load_balancers() {
    static const Kind<LoadBalancer> kKind{.plural = "load_balancers",
                                          .singular = "load_balancer",
                                          .title = "load balancer",
                                          .entries = &State::load_balancers,
                                          .show = load_balancer_json,
                                          .list = {},
                                          .actions_conflict = true,
                                          .updates_conflict = true};
    return kKind;
}

void add_load_balancers(Router& router) {
    add_reading(router, load_balancers());
    add_updating(router, load_balancers());
    add_deleting(router, load_balancers());
    add_protecting(router, load_balancers());
    add_action_lists(router, load_balancers());
    add_load_balancer_services(router);
    add_load_balancer_targets(router);
    add_load_balancer_networks(router);
    const std::string path = "/v1/load_balancers";
    router.add("POST", path, create_load_balancer);
    router.add("GET", path + "/{id}/metrics", get_metrics);
    router.add("POST", path + "/{id}/actions/change_algorithm", change_algorithm);
    router.add("POST", path + "/{id}/actions/change_type", change_type);
    router.add("POST", path + "/{id}/actions/change_dns_ptr", change_dns_ptr);
}

}  // namespace hcloud::sim

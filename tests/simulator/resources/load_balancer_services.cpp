// POST /load_balancers/{id}/actions/add_service, update_service and delete_service.
#include "tests/simulator/resources/load_balancer_parts.h"
#include "tests/simulator/resources/load_balancers.h"

#include <algorithm>
#include <set>

namespace hcloud::sim {

namespace {

void take(InputFields& fields, const std::string& name, std::int64_t& value) {
    value = fields.optional_integer(name).value_or(value);
}

void take(InputFields& fields, const std::string& name, bool& value) {
    value = fields.boolean(name).value_or(value);
}

void take(InputFields& fields, const std::string& name, std::string& value) {
    value = fields.text(name).value_or(value);
}

void read_http_check(InputFields& parent, HttpCheck& http) {
    auto fields = parent.object("http", false);
    if (!fields) return;
    if (fields->is_null("domain")) http.domain.reset();
    if (fields->has("domain")) http.domain = fields->text("domain");
    take(*fields, "path", http.path);
    take(*fields, "response", http.response);
    if (fields->has("status_codes")) http.status_codes = fields->texts("status_codes", true);
    take(*fields, "tls", http.tls);
    parent.absorb(*fields);
}

void read_health_check(InputFields& parent, HealthCheck& check) {
    auto fields = parent.object("health_check", false);
    if (!fields) return;
    check.protocol = fields->choice("protocol", kHealthCheckProtocols, check.protocol);
    take(*fields, "port", check.port);
    take(*fields, "interval", check.interval);
    take(*fields, "timeout", check.timeout);
    take(*fields, "retries", check.retries);
    read_http_check(*fields, check.http);
    parent.absorb(*fields);
}

void read_http(InputFields& parent, HttpOptions& http) {
    auto fields = parent.object("http", false);
    if (!fields) return;
    take(*fields, "cookie_name", http.cookie_name);
    take(*fields, "cookie_lifetime", http.cookie_lifetime);
    if (fields->has("certificates")) http.certificates = fields->integers("certificates");
    take(*fields, "redirect_http", http.redirect_http);
    take(*fields, "sticky_sessions", http.sticky_sessions);
    parent.absorb(*fields);
}

auto find_service(const LoadBalancer& balancer, std::int64_t listen_port) {
    return std::find_if(
        balancer.services.begin(), balancer.services.end(),
        [&](const LoadBalancerService& service) { return service.listen_port == listen_port; });
}

const LoadBalancerService& require_listening(const LoadBalancer& balancer,
                                             std::int64_t listen_port) {
    const auto service = find_service(balancer, listen_port);
    if (service != balancer.services.end()) return *service;
    throw ApiError(404, "not_found",
                   fmt::format("service with listen port {} not found", listen_port));
}

void require_certificates(const World& world, const LoadBalancer& balancer,
                          const LoadBalancerService& service) {
    std::set<Id> assigned(service.http.certificates.begin(), service.http.certificates.end());
    for (const Id certificate : assigned)
        require(world, certificates(), certificate);
    for (const LoadBalancerService& other : balancer.services)
        assigned.insert(other.http.certificates.begin(), other.http.certificates.end());
    require_within(type_of(balancer).max_assigned_certificates, assigned.size(), "certificates");
}

Response add_service(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const LoadBalancerService service = read_new_service(fields);
    fields.finish();
    require_service(world, balancer, service);
    return change_load_balancer(world, "add_service", id, [=](LoadBalancer& changed) {
        changed.services.push_back(service);
    });
}

Response update_service(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const std::int64_t port = fields.integer("listen_port");
    fields.finish();
    const LoadBalancerService service = read_service(fields, require_listening(balancer, port));
    fields.finish();
    require_service(world, balancer, service, port);
    return change_load_balancer(world, "update_service", id, [=](LoadBalancer& changed) {
        for (LoadBalancerService& candidate : changed.services) {
            if (candidate.listen_port == port) candidate = service;
        }
    });
}

Response delete_service(World& world, const Request& request) {
    const Id id = path_id(request);
    const LoadBalancer& balancer = require(world, load_balancers(), id);
    InputFields fields(request);
    const std::int64_t port = fields.integer("listen_port");
    fields.finish();
    require_listening(balancer, port);
    return change_load_balancer(world, "delete_service", id, [=](LoadBalancer& changed) {
        const auto gone = find_service(changed, port);
        if (gone != changed.services.end()) changed.services.erase(gone);
    });
}

}  // namespace

LoadBalancerService read_service(InputFields& fields, LoadBalancerService base) {
    base.protocol = fields.choice("protocol", kServiceProtocols, base.protocol);
    take(fields, "listen_port", base.listen_port);
    take(fields, "destination_port", base.destination_port);
    take(fields, "proxyprotocol", base.proxyprotocol);
    if (base.health_check.port == 0) base.health_check.port = base.destination_port;
    read_health_check(fields, base.health_check);
    read_http(fields, base.http);
    if (!fields.good()) return base;
    for (const auto& [field, message] : faults_in(base, kLeastIntervalOfApi))
        fields.refuse(field, message);
    return base;
}

// The reference calls more fields required than the service does: the official CLI leaves them out.
LoadBalancerService read_new_service(InputFields& fields) {
    const std::string protocol = fields.choice("protocol", kServiceProtocols, std::nullopt);
    if (!fields.good()) return {};
    return read_service(fields, standard_service(protocol));
}

void require_service(const World& world, const LoadBalancer& balancer,
                     const LoadBalancerService& service, std::int64_t but) {
    LoadBalancer others = balancer;
    auto& services = others.services;
    services.erase(
        std::remove_if(services.begin(), services.end(),
                       [&](const LoadBalancerService& old) { return old.listen_port == but; }),
        services.end());
    for (const LoadBalancerService& other : services) {
        for (const std::int64_t taken : other.ports()) {
            const auto ports = service.ports();
            if (std::find(ports.begin(), ports.end(), taken) == ports.end()) continue;
            throw ApiError(412, "source_port_already_used",
                           fmt::format("source port {} is already in use", taken));
        }
    }
    require_within(type_of(balancer).max_services, services.size() + 1, "services");
    require_certificates(world, others, service);
}

std::vector<Id> load_balancers_using(const State& state, Id certificate) {
    std::vector<Id> ids;
    for (const auto& [id, balancer] : state.load_balancers) {
        const bool uses =
            std::any_of(balancer.services.begin(), balancer.services.end(),
                        [&](const LoadBalancerService& service) {
                            const auto& used = service.http.certificates;
                            return std::find(used.begin(), used.end(), certificate) != used.end();
                        });
        if (uses) ids.push_back(id);
    }
    return ids;
}

void add_load_balancer_services(Router& router) {
    router.add("POST", "/v1/load_balancers/{id}/actions/add_service", add_service);
    router.add("POST", "/v1/load_balancers/{id}/actions/update_service", update_service);
    router.add("POST", "/v1/load_balancers/{id}/actions/delete_service", delete_service);
}

}  // namespace hcloud::sim

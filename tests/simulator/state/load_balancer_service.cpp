#include "tests/simulator/state/load_balancer_service.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;
using Pointer = ObjectReader::Pointer;
using Faults = std::vector<std::pair<std::string, std::string>>;

constexpr std::int64_t kHttpPort = 80;
constexpr std::int64_t kHttpsPort = 443;

void check_between(Faults& faults, const std::string& field, std::int64_t value, std::int64_t least,
                   std::int64_t most) {
    if (value >= least && value <= most) return;
    faults.emplace_back(field, fmt::format("Must be between {} and {}.", least, most));
}

void check_health_check(Faults& faults, const HealthCheck& check, std::int64_t least_interval) {
    check_between(faults, "health_check.port", check.port, 1, 65'535);
    check_between(faults, "health_check.interval", check.interval, least_interval, 60);
    check_between(faults, "health_check.timeout", check.timeout, 1, 60);
    check_between(faults, "health_check.retries", check.retries, 1, 5);
    if (check.timeout > check.interval) {
        faults.emplace_back("health_check.timeout", "Must not be longer than the interval.");
    }
    if (check.http.path.find(' ') != std::string::npos) {
        faults.emplace_back("health_check.http.path", "May not contain spaces.");
    }
    if (check.http.domain.value_or("").find_first_of(" %\\") != std::string::npos) {
        faults.emplace_back("health_check.http.domain",
                            "May not contain spaces, percent or backslash symbols.");
    }
}

void check_http(Faults& faults, const LoadBalancerService& service) {
    if (service.protocol == "https" && service.http.certificates.empty()) {
        faults.emplace_back("http.certificates", "Is needed for https.");
    }
    if (service.protocol != "https" && service.http.redirect_http) {
        faults.emplace_back("http.redirect_http", "Is only possible for https.");
    }
    check_between(faults, "http.cookie_lifetime", service.http.cookie_lifetime, 1, 86'400);
}

void read_http_check(ObjectReader& parent, HttpCheck& http) {
    const json* const value = parent.find("http");
    if (value == nullptr) return;
    ObjectReader reader(*value, parent.at("http"));
    http.domain = reader.text("domain");
    http.path = reader.text("path", http.path);
    http.response = reader.text("response", http.response);
    if (reader.find("status_codes") != nullptr) http.status_codes = reader.texts("status_codes");
    http.tls = reader.boolean("tls", http.tls);
    reader.finish();
}

void read_health_check(ObjectReader& parent, HealthCheck& check) {
    const json* const value = parent.find("health_check");
    if (value == nullptr) return;
    ObjectReader reader(*value, parent.at("health_check"));
    check.protocol = reader.choice("protocol", kHealthCheckProtocols, check.protocol);
    check.port = reader.integer("port").value_or(check.port);
    check.interval = reader.integer("interval").value_or(check.interval);
    check.timeout = reader.integer("timeout").value_or(check.timeout);
    check.retries = reader.integer("retries").value_or(check.retries);
    read_http_check(reader, check.http);
    reader.finish();
}

void read_http(ObjectReader& parent, HttpOptions& http) {
    const json* const value = parent.find("http");
    if (value == nullptr) return;
    ObjectReader reader(*value, parent.at("http"));
    http.cookie_name = reader.text("cookie_name", http.cookie_name);
    http.cookie_lifetime = reader.integer("cookie_lifetime").value_or(http.cookie_lifetime);
    http.certificates = reader.ids("certificates");
    http.redirect_http = reader.boolean("redirect_http", http.redirect_http);
    http.sticky_sessions = reader.boolean("sticky_sessions", http.sticky_sessions);
    reader.finish();
}

json health_check_json(const HealthCheck& check) {
    json shown = {{"protocol", check.protocol},
                  {"port", check.port},
                  {"interval", check.interval},
                  {"timeout", check.timeout},
                  {"retries", check.retries}};
    if (check.protocol == "http") {
        shown["http"] = {{"domain", or_null(check.http.domain)},
                         {"path", check.http.path},
                         {"response", check.http.response},
                         {"status_codes", check.http.status_codes},
                         {"tls", check.http.tls}};
    }
    return shown;
}

}  // namespace

const std::vector<std::string> kServiceProtocols{"tcp", "http", "https"};
const std::vector<std::string> kHealthCheckProtocols{"tcp", "http"};

std::vector<std::int64_t> LoadBalancerService::ports() const {
    if (protocol == "https" && http.redirect_http) return {listen_port, kHttpPort};
    return {listen_port};
}

LoadBalancerService standard_service(const std::string& protocol) {
    LoadBalancerService service;
    service.protocol = protocol;
    if (protocol == "tcp") return service;
    service.listen_port = protocol == "http" ? kHttpPort : kHttpsPort;
    service.destination_port = kHttpPort;
    service.health_check.protocol = "http";
    return service;
}

Faults faults_in(const LoadBalancerService& service, std::int64_t least_interval) {
    Faults faults;
    check_between(faults, "listen_port", service.listen_port, 1, 65'535);
    check_between(faults, "destination_port", service.destination_port, 1, 65'535);
    check_health_check(faults, service.health_check, least_interval);
    check_http(faults, service);
    return faults;
}

LoadBalancerService read_service(const json& value, const Pointer& where) {
    ObjectReader reader(value, where);
    auto service = standard_service(reader.choice("protocol", kServiceProtocols, "tcp"));
    service.listen_port = reader.integer("listen_port").value_or(service.listen_port);
    service.destination_port =
        reader.integer("destination_port").value_or(service.destination_port);
    service.proxyprotocol = reader.boolean("proxyprotocol", false);
    service.health_check.port = service.destination_port;
    read_health_check(reader, service.health_check);
    read_http(reader, service.http);
    reader.finish();
    const Faults faults = faults_in(service, kLeastIntervalOfState);
    if (!faults.empty()) reader.fail(faults.front().first, faults.front().second);
    return service;
}

json service_json(const LoadBalancerService& service) {
    json shown = {{"protocol", service.protocol},
                  {"listen_port", service.listen_port},
                  {"destination_port", service.destination_port},
                  {"proxyprotocol", service.proxyprotocol},
                  {"health_check", health_check_json(service.health_check)}};
    if (service.protocol != "tcp") {
        shown["http"] = {{"cookie_name", service.http.cookie_name},
                         {"cookie_lifetime", service.http.cookie_lifetime},
                         {"certificates", service.http.certificates},
                         {"redirect_http", service.http.redirect_http},
                         {"sticky_sessions", service.http.sticky_sessions}};
    }
    return shown;
}

}  // namespace hcloud::sim

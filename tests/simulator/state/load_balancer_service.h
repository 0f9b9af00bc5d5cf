// What a load balancer listens for, and how it checks its targets.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hcloud::sim {

struct HttpCheck {
    std::optional<std::string> domain;
    std::string path = "/";
    std::string response;
    std::vector<std::string> status_codes{"2??", "3??"};
    bool tls = false;
    bool operator==(const HttpCheck&) const = default;
};

struct HealthCheck {
    std::string protocol = "tcp";  // or http
    std::int64_t port = 0;
    std::int64_t interval = 15;  // seconds
    std::int64_t timeout = 10;   // seconds
    std::int64_t retries = 3;
    HttpCheck http;  // means something for http only
    bool operator==(const HealthCheck&) const = default;
};

struct HttpOptions {
    std::string cookie_name = "HCLBSTICKY";
    std::int64_t cookie_lifetime = 300;  // seconds
    std::vector<Id> certificates;
    bool redirect_http = false;
    bool sticky_sessions = false;
    bool operator==(const HttpOptions&) const = default;
};

struct LoadBalancerService {
    std::string protocol = "tcp";  // or http, https
    std::int64_t listen_port = 0;
    std::int64_t destination_port = 0;
    bool proxyprotocol = false;
    HealthCheck health_check;
    HttpOptions http;  // means something for http and https only
    bool operator==(const LoadBalancerService&) const = default;

    /// One that redirects from HTTP has port 80 too.
    std::vector<std::int64_t> ports() const;
};

extern const std::vector<std::string> kServiceProtocols;
extern const std::vector<std::string> kHealthCheckProtocols;

/// What is missing in a service of that protocol: the protocol's ports, a check of its own kind.
LoadBalancerService standard_service(const std::string& protocol);

/// Seconds between two checks. A state may have them more often, so that a test need not wait.
constexpr std::int64_t kLeastIntervalOfApi = 3;
constexpr std::int64_t kLeastIntervalOfState = 1;

/// What is wrong with it: fields, such as "health_check.port", and reasons.
std::vector<std::pair<std::string, std::string>> faults_in(const LoadBalancerService& service,
                                                           std::int64_t least_interval);

LoadBalancerService read_service(const nlohmann::json& value, const ObjectReader::Pointer& where);
/// As the document and the API show it.
nlohmann::json service_json(const LoadBalancerService& service);

}  // namespace hcloud::sim

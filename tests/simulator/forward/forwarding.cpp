#include "tests/simulator/forward/forwarding.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

const char* const kUnknown = "unknown";
const char* const kHealthy = "healthy";
const char* const kUnhealthy = "unhealthy";
const char* const kRemoved = "removed";

bool contains(const std::vector<Destination>& list, const std::string& address) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Destination& one) { return one.address == address; });
}

}  // namespace

std::string Forwarding::health(const ServicePort& service, const std::string& address) const {
    const auto found = services_.find(service);
    if (found == services_.end()) return kUnknown;
    const auto target = found->second.targets.find(address);
    return target == found->second.targets.end() ? kUnknown : target->second.health;
}

void Forwarding::checked(const ServicePort& service, const std::string& address, bool good,
                         std::int64_t retries) {
    Target& target = services_[service].targets[address];
    target.failures = good ? 0 : target.failures + 1;
    if (good) target.health = kHealthy;
    if (target.failures >= retries) target.health = kUnhealthy;
}

std::optional<std::string> Forwarding::choose(const ServicePort& service,
                                              const std::vector<Destination>& destinations) {
    std::vector<std::string> healthy;
    for (const auto& [address, said] : destinations) {
        if (said.value_or(health(service, address)) == kHealthy) healthy.push_back(address);
    }
    if (healthy.empty()) return std::nullopt;
    Service& counted = services_[service];
    std::string address = healthy[counted.next++ % healthy.size()];
    Target& target = counted.targets[address];
    ++target.open;
    ++target.total;
    return address;
}

void Forwarding::ended(const ServicePort& service, const std::string& address, bool failed) {
    Target& target = services_[service].targets[address];
    --target.open;
    if (failed) ++target.failed;
}

void Forwarding::follow(const ForwardedServices& current) {
    for (const auto& [port, service] : current) {
        auto& targets = services_[port].targets;
        for (const Destination& destination : service.destinations) {
            Target& target = targets[destination.address];
            if (target.health == kRemoved) target.health = kUnknown;
        }
    }
    for (auto service = services_.begin(); service != services_.end();) {
        const auto found = current.find(service->first);
        const bool gone = found == current.end();
        auto& targets = service->second.targets;
        retire(targets, gone ? std::vector<Destination>() : found->second.destinations);
        service = gone && targets.empty() ? services_.erase(service) : std::next(service);
    }
}

void Forwarding::retire(std::map<std::string, Target>& targets,
                        const std::vector<Destination>& but) {
    for (auto entry = targets.begin(); entry != targets.end();) {
        auto& [address, target] = *entry;
        if (contains(but, address)) {
            ++entry;
            continue;
        }
        target.health = kRemoved;
        target.failures = 0;
        entry = target.open == 0 ? targets.erase(entry) : std::next(entry);
    }
}

json Forwarding::describe() const {
    json list = json::array();
    for (const auto& [service, known] : services_) {
        json targets = json::array();
        for (const auto& [address, target] : known.targets) {
            targets.push_back({{"address", address},
                               {"health", target.health},
                               {"open", target.open},
                               {"total", target.total},
                               {"failed", target.failed}});
        }
        list.push_back({{"load_balancer", service.balancer},
                        {"listen_port", service.listen_port},
                        {"refused", known.refused},
                        {"targets", targets}});
    }
    return list;
}

}  // namespace hcloud::sim

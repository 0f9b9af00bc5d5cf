#include "tests/simulator/forward/checker.h"

#include "tests/simulator/forward/connect.h"

#include <cstdint>

#include <Poco/Exception.h>

namespace hcloud::sim {

namespace net = Poco::Net;

void Checker::check(const ForwardedServices& services) {
    const Clock::time_point now = Clock::now();
    std::map<Target, Clock::time_point> due;
    for (const auto& [port, service] : services) {
        for (const Destination& destination : service.destinations) {
            const Target target{port, destination.address};
            const auto known = due_.find(target);
            Clock::time_point& next = due[target];
            next = known == due_.end() ? now : known->second;
            // If there are too many at once, it stays due.
            if (next > now || !start(target, service.check)) continue;
            next = now + std::chrono::seconds(service.check.interval);
        }
    }
    due_ = std::move(due);
}

bool Checker::start(const Target& target, const HealthCheck& check) {
    return workers_.start([this, target, check] { probe(target, check); });
}

void Checker::probe(const Target& target, const HealthCheck& check) {
    const auto& [service, address] = target;
    const net::SocketAddress place(net::IPAddress(address), static_cast<std::uint16_t>(check.port));
    net::StreamSocket socket(place.family());
    const bool good = connect_within(socket, place, std::chrono::seconds(check.timeout), stopping_);
    if (stopping_) return;
    simulation_.with_world([&, service = service, address = address](World& world) {
        world.forwarding()->checked(service, address, good, check.retries);
    });
}

}  // namespace hcloud::sim

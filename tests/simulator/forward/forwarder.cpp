#include "tests/simulator/forward/forwarder.h"

#include "tests/simulator/forward/listener.h"
#include "tests/simulator/forward/relays.h"
#include "tests/simulator/forward/services.h"

#include <set>
#include <stdexcept>

namespace hcloud::sim {

namespace {

namespace net = Poco::Net;

/// Takes the client to a target, or closes it: with the last copy of its socket.
void admit(Simulation& simulation, Relays& relays, const ServicePort& service,
           const net::StreamSocket& client) {
    const auto route =
        simulation.with_world([&](World& world) { return choose_route(world, service); });
    if (!route) return;
    const net::SocketAddress target(net::IPAddress(route->address),
                                    static_cast<std::uint16_t>(route->port));
    const auto ended = [&simulation, service, address = route->address](bool failed) {
        simulation.with_world(
            [&](World& world) { world.forwarding()->ended(service, address, failed); });
    };
    if (relays.start(client, target, ended)) return;
    simulation.with_world([&](World& world) {
        world.forwarding()->ended(service, route->address, false);
        world.forwarding()->refused(service);
    });
}

}  // namespace

Forwarder::Forwarder(Simulation& simulation, ForwardOptions options, Report report)
    : simulation_(simulation),
      options_(std::move(options)),
      report_(std::move(report)),
      relays_(std::make_unique<Relays>(options_.max_connections)),
      checker_(simulation) {
    simulation_.with_world([](World& world) { world.start_forwarding(); });
    thread_ = std::thread([this] { run(); });
}

Forwarder::~Forwarder() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    doors_.clear();
}

void Forwarder::run() {
    std::unique_lock lock(mutex_);
    do {
        lock.unlock();
        const ForwardedServices services = simulation_.with_world([](World& world) {
            ForwardedServices wanted = forwarded_services(world.state());
            world.forwarding()->follow(wanted);
            return wanted;
        });
        follow(services);
        checker_.check(services);
        lock.lock();
    } while (!wake_.wait_for(lock, kPace, [this] { return stopping_; }));
}

void Forwarder::follow(const ForwardedServices& services) {
    std::set<Place> wanted;
    for (const auto& [port, service] : services) {
        if (options_.listen) {
            wanted.emplace(port, *options_.listen);
            continue;
        }
        for (const std::string& address : service.listen_addresses)
            wanted.emplace(port, address);
    }
    std::erase_if(doors_, [&](const auto& entry) { return wanted.count(entry.first) == 0; });
    for (const Place& place : wanted) {
        Door& door = doors_[place];
        if (!door.listener) open(place, door);
    }
}

/// Tries again each time: the address may come later.
void Forwarder::open(const Place& place, Door& door) {
    const auto& [service, address] = place;
    const std::string before = door.error;
    const auto accepted = [this, port = service](const net::StreamSocket& client) {
        admit(simulation_, *relays_, port, client);
    };
    try {
        door.listener = std::make_unique<Listener>(address, service.listen_port, accepted);
        door.error.clear();
    } catch (const std::runtime_error& error) {
        door.error = error.what();
        if (door.error == before) return;
    }
    report_({service, address, door.error});
}

}  // namespace hcloud::sim

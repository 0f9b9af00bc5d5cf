#include "tests/simulator/simulation.h"

#include "tests/simulator/api.h"
#include "tests/simulator/resources.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

bool starts_with(const std::string& text, const char* prefix) {
    return text.rfind(prefix, 0) == 0;
}

}  // namespace

Simulation::Simulation(State initial, World::Clock clock)
    : world_(std::move(initial), std::move(clock)) {
    add_actions(router_);
    add_certificates(router_);
    add_firewalls(router_);
    add_floating_ips(router_);
    add_images(router_);
    add_isos(router_);
    add_load_balancer_types(router_);
    add_locations(router_);
    add_load_balancers(router_);
    add_networks(router_);
    add_network_actions(router_);
    add_primary_ips(router_);
    add_primary_ip_actions(router_);
    add_placement_groups(router_);
    add_pricing(router_);
    add_server_types(router_);
    add_servers(router_);
    add_volumes(router_);
    add_ssh_keys(router_);
    add_metadata(router_);
    add_admin(router_, faults_, log_);
}

bool Simulation::is_admin(const std::string& path) {
    return starts_with(path, "/_sim/");
}

Response Simulation::answer_after(const Request& request, const nlohmann::json* patch) {
    try {
        const std::lock_guard lock(mutex_);
        world_.advance();
        if (patch != nullptr) patch_state(world_, *patch);
        return dispatch(request);
    } catch (const ApiError& error) {
        return error.response();
    } catch (const StateError& error) {
        return ApiError(500, "server_error",
                        fmt::format("a fault's patch makes no legal state: {}", error.what()))
            .response();
    } catch (const std::exception& error) {
        return ApiError(500, "server_error", error.what()).response();
    }
}

Response Simulation::dispatch(const Request& request) {
    if (starts_with(request.path, "/v1/")) return api_call(world_, router_, request);
    try {
        return router_.handle(world_, request);
    } catch (const ApiError& error) {
        // The metadata service speaks plain text.
        if (is_admin(request.path)) throw;
        return text_response(error.status(), std::string(error.what()) + "\n");
    }
}

World::Clock real_clock() {
    using Steady = std::chrono::steady_clock;
    const auto wall = std::chrono::system_clock::now();
    const auto start = Steady::now();
    return [wall, start] {
        return wall + std::chrono::duration_cast<Time::duration>(Steady::now() - start);
    };
}

}  // namespace hcloud::sim

// Starting and stopping servers.
#include "tests/simulator/resources/server_actions.h"

namespace hcloud::sim {

namespace {

void boot(Server& server) {
    server.status = "running";
    server.rescue_enabled = false;  // good for one boot
}

/// What an ACPI request does: nothing, unless an operating system runs that listens.
Response ask(World& world, Id id, const char* command, void (*obey)(Server&)) {
    require_unlocked(world, {id, "server"}, "server");
    const bool fails = world.state().switches.get("acpi_when_stopped") == "action_failed";
    ActionPlan plan{.command = command, .resources = {{id, "server"}}, .effect = {}};
    plan.effect = [=](State& state) -> std::optional<ActionError> {
        Server* const server = find(state, servers(), id);
        if (server == nullptr) return ActionError{"action_failed", "server is gone"};
        const bool running = server->status == "running";
        if (!running && fails) return ActionError{"action_failed", "server is not running"};
        if (running && !server->ignores_acpi) obey(*server);
        return std::nullopt;
    };
    return created(world, std::move(plan));
}

void stop(Server& server) {
    server.status = "off";
}

}  // namespace

ActionPlan start_server_plan(Id id) {
    ActionPlan plan{.command = "start_server", .resources = {{id, "server"}}, .effect = {}};
    plan.effect = [id](State& state) -> std::optional<ActionError> {
        Server* const server = find(state, servers(), id);
        if (server == nullptr || server->status == "initializing") {
            return ActionError{"action_failed", "there is no server to start"};
        }
        boot(*server);
        return std::nullopt;
    };
    return plan;
}

void add_server_power(Router& router) {
    add_server_action(router, "poweron", [](World& world, Id id, const Request&) {
        require_unlocked(world, {id, "server"}, "server");
        return created(world, start_server_plan(id));
    });
    add_server_action(router, "poweroff", [](World& world, Id id, const Request&) {
        return change_server(world, id, "stop_server", stop);
    });
    add_server_action(router, "reset", [](World& world, Id id, const Request&) {
        return change_server(world, id, "reset_server", boot);
    });
    add_server_action(router, "reboot", [](World& world, Id id, const Request&) {
        return ask(world, id, "reboot_server", boot);
    });
    add_server_action(router, "shutdown", [](World& world, Id id, const Request&) {
        return ask(world, id, "shutdown_server", stop);
    });
}

}  // namespace hcloud::sim

// Ways into a server beside its own system: rescue system, ISO, console, a new root password.
#include "tests/simulator/resources/isos.h"
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/server_types.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

Response enable_rescue(World& world, Id id, const Request& request) {
    InputFields fields(request);
    fields.choice("type", {"linux64"}, "linux64");
    const std::vector<Id> keys = fields.integers("ssh_keys");
    fields.finish();
    for (const Id key : keys)
        require(world, ssh_keys(), key);
    require_unlocked(world, {id, "server"}, "server");
    return created_with(world,
                        plan_server_change(id, "enable_rescue",
                                           [](Server& server) { server.rescue_enabled = true; }),
                        {{"root_password", made_up_password(world)}});
}

Response disable_rescue(World& world, Id id, const Request& /*request*/) {
    return change_server(world, id, "disable_rescue",
                         [](Server& server) { server.rescue_enabled = false; });
}

Response attach_iso(World& world, Id id, const Request& request) {
    InputFields fields(request);
    fields.find("iso", true);
    const std::string reference = fields.reference("iso").value_or("");
    fields.finish();
    const Iso& iso = require_by_reference(isos(), reference);
    const ServerType& type = *find_server_type(require(world, servers(), id).server_type);
    if (iso.architecture && *iso.architecture != type.architecture) {
        throw ApiError(
            422, "unsupported_error",
            fmt::format("ISO is for {}, server is {}", *iso.architecture, type.architecture));
    }
    return change_server(world, id, "attach_iso",
                         [iso_id = iso.id](Server& server) { server.iso = iso_id; });
}

Response detach_iso(World& world, Id id, const Request& /*request*/) {
    require_unlocked(world, {id, "server"}, "server");
    ActionPlan plan =
        plan_server_change(id, "detach_iso", [](Server& server) { server.iso.reset(); });
    if (!require(world, servers(), id).iso) plan.duration = std::chrono::milliseconds(0);
    return created(world, std::move(plan));
}

Response request_console(World& world, Id id, const Request& /*request*/) {
    require_unlocked(world, {id, "server"}, "server");
    const std::string token = made_up_password(world);
    return created_with(
        world, {.command = "request_console", .resources = {{id, "server"}}, .effect = {}},
        {{"wss_url", fmt::format("wss://console.hetzner.cloud/?server_id={}&token={}", id, token)},
         {"password", made_up_password(world)}});
}

Response reset_password(World& world, Id id, const Request& /*request*/) {
    require_unlocked(world, {id, "server"}, "server");
    if (require(world, servers(), id).status != "running") {
        throw ApiError(422, world.state().switches.get("reset_password_when_stopped"),
                       "server must be running for this action");
    }
    return created_with(world,
                        {.command = "reset_password", .resources = {{id, "server"}}, .effect = {}},
                        {{"root_password", made_up_password(world)}});
}

}  // namespace

void add_server_access(Router& router) {
    add_server_action(router, "enable_rescue", enable_rescue);
    add_server_action(router, "disable_rescue", disable_rescue);
    add_server_action(router, "attach_iso", attach_iso);
    add_server_action(router, "detach_iso", detach_iso);
    add_server_action(router, "request_console", request_console);
    add_server_action(router, "reset_password", reset_password);
}

}  // namespace hcloud::sim

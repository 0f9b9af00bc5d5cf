// What a server is made of: its image and its type.
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/server_placement.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

Response rebuild(World& world, Id id, const Request& request) {
    InputFields fields(request);
    const std::string reference = fields.required_reference("image");
    fields.finish();
    const Server& server = require(world, servers(), id);
    const ServerType& type = *find_server_type(server.server_type);
    const ImageChoice image = choose_image(world, reference, type.architecture);
    require_fits(image, server.primary_disk_size);
    require_unprotected(server.rebuild_protection, "server rebuild");
    require_unlocked(world, {id, "server"}, "server");
    json more{{"root_password", nullptr}};
    if (server.public_keys.empty()) more["root_password"] = made_up_password(world);
    return created_with(world,
                        plan_server_change(id, "rebuild_server",
                                           [image](Server& changed) {
                                               changed.image = image.id;
                                               changed.status = "running";
                                               changed.rescue_enabled = false;
                                           }),
                        more);
}

ApiError unfit(const std::string& why) {
    return {422, "invalid_server_type", why};
}

/// Throws ApiError unless the server can become one of that type.
void require_suitable(const World& world, const Server& server, const ServerType& type) {
    const ServerType& now = *find_server_type(server.server_type);
    if (type.name == now.name) throw unfit("server already has this type");
    if (type.architecture != now.architecture) {
        throw unfit(
            fmt::format("server is {}, {} is {}", now.architecture, type.name, type.architecture));
    }
    if (type.disk < server.primary_disk_size) {
        throw unfit("the disk of the server type is smaller than the server's");
    }
    if (type.unavailable_after && *type.unavailable_after <= world.now()) {
        throw unfit("server type is deprecated");
    }
    require_in_stock(world, type, server.location);
}

Response change_type(World& world, Id id, const Request& request) {
    InputFields fields(request);
    const std::string reference = fields.required_reference("server_type");
    fields.find("upgrade_disk", true);
    const bool upgrade_disk = fields.boolean("upgrade_disk").value_or(false);
    fields.finish();
    const Server& server = require(world, servers(), id);
    const ServerType& type = require_by_reference(server_types(), reference);
    require_unlocked(world, {id, "server"}, "server");
    require_stopped(server);
    require_suitable(world, server, type);
    const std::string then = world.state().switches.get("change_type_then");
    return change_server(world, id, "change_server_type", [=, &type](Server& changed) {
        changed.server_type = type.name;
        if (upgrade_disk) changed.primary_disk_size = type.disk;
        changed.status = then;
    });
}

}  // namespace

void add_server_setup(Router& router) {
    add_server_action(router, "rebuild", rebuild);
    add_server_action(router, "change_type", change_type);
}

}  // namespace hcloud::sim

// Copies of a server's disk: snapshots and backups.
#include "tests/simulator/resources/images.h"
#include "tests/simulator/resources/server_actions.h"
#include "tests/simulator/resources/server_types.h"

#include <array>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

constexpr std::int64_t kImageSizeMb = 2300;

/// Of the system on the server's disk.
void copy_origin(const World& world, Id id, const Server& server, Image& image) {
    image.created_from = id;
    image.created_from_name = server.name;
    image.disk_size = server.primary_disk_size;
    image.architecture = find_server_type(server.server_type)->architecture;
    const json base = image_json(world, server.image);
    image.os_flavor = "unknown";
    if (base.is_null()) return;
    image.os_flavor = base.at("os_flavor");
    if (base.at("os_version").is_string()) image.os_version = base.at("os_version");
}

Image read_image_request(const World& world, Id id, const Request& request) {
    const Server& server = require(world, servers(), id);
    InputFields fields(request);
    Image image;
    image.status = "unavailable";  // until it is made; an action that fails leaves it so
    image.created = world.now();
    image.type = fields.choice("type", {"snapshot", "backup"}, "snapshot");
    image.description =
        fields.text("description").value_or(fmt::format("{} {}", server.name, image.type));
    image.labels = fields.labels().value_or(Labels());
    if (image.type == "backup" && !server.backup_window) {
        fields.refuse("type", "Backups are not enabled for this server.");
    }
    fields.finish();
    if (image.type == "backup") image.bound_to = id;
    copy_origin(world, id, server, image);
    return image;
}

Response create_image(World& world, Id id, const Request& request) {
    const Image image = read_image_request(world, id, request);
    require_unlocked(world, {id, "server"}, "server");
    require_below_limit(world, "images", world.state().images.size());
    const Id image_id = world.new_id();
    world.change([&](State& state) { state.images[image_id] = image; });
    const Action& action = world.start({.command = "create_image",
                                        .resources = {{id, "server"}, {image_id, "image"}},
                                        .effect = on<Image>(images(), image_id, [](Image& made) {
                                            made.status = "available";
                                            made.image_size_mb = kImageSizeMb;
                                        })});
    return json_response(
        201, {{"image", image_json(world, image_id)}, {"action", action_json(world, action)}});
}

Response enable_backup(World& world, Id id, const Request& /*request*/) {
    static constexpr std::array<const char*, 6> kWindows{"22-02", "02-06", "06-10",
                                                         "10-14", "14-18", "18-22"};
    const std::string window = kWindows[static_cast<std::size_t>(id) % kWindows.size()];
    return change_server(world, id, "enable_backup", [window](Server& server) {
        if (!server.backup_window) server.backup_window = window;
    });
}

Response disable_backup(World& world, Id id, const Request& /*request*/) {
    require_unlocked(world, {id, "server"}, "server");
    return created(world, {.command = "disable_backup",
                           .resources = {{id, "server"}},
                           .effect = [id](State& state) -> std::optional<ActionError> {
                               Server* const server = find(state, servers(), id);
                               if (server == nullptr) {
                                   return ActionError{"action_failed", "server is gone"};
                               }
                               server->backup_window.reset();
                               remove_backups(state, id);
                               return std::nullopt;
                           }});
}

}  // namespace

void remove_backups(State& state, Id server) {
    std::vector<Id> backups;
    for (const auto& [id, image] : state.images) {
        if (image.bound_to == server) backups.push_back(id);
    }
    for (const Id id : backups)
        remove_image(state, id);
}

void add_server_images(Router& router) {
    add_server_action(router, "create_image", create_image);
    add_server_action(router, "enable_backup", enable_backup);
    add_server_action(router, "disable_backup", disable_backup);
}

}  // namespace hcloud::sim

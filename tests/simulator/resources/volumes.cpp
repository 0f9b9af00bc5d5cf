// Volumes: create, attach, detach, resize.
#include "tests/simulator/resources/volumes.h"

#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/kinds.h"

#include <regex>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

json volume_json(const World& world, Id id, const Volume& volume) {
    return {{"id", id},
            {"created", world.timestamp(volume.created)},
            {"name", volume.name},
            {"server", or_null(volume.server)},
            {"location", location_json(volume.location)},
            {"size", volume.size},
            {"linux_device", fmt::format("/dev/disk/by-id/scsi-0HC_Volume_{}", id)},
            {"protection", {{"delete", volume.delete_protection}}},
            {"labels", volume.labels},
            {"status", volume.status},
            {"format", or_null(volume.format)}};
}

void check_name(InputFields& fields, const std::string& name) {
    static const std::regex kName("[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?");
    if (!name.empty() && !std::regex_match(name, kName)) {
        fields.refuse("name", "Not a valid volume name.");
    }
}

std::int64_t read_size(InputFields& fields) {
    fields.find("size", true);
    const auto size = fields.optional_integer("size");
    if (size && (*size < kSmallestVolume || *size > kLargestVolume)) {
        fields.refuse("size",
                      fmt::format("Must be between {} and {}.", kSmallestVolume, kLargestVolume));
    }
    return size.value_or(0);
}

/// Throws if that server cannot take one more volume now.
void require_room(const World& world, Id server) {
    require_idle(world, servers(), server);
    require_room_for_volumes(volumes_of(world.state(), server).size() + 1);
}

std::string read_place(const World& world, InputFields& fields, std::optional<Id> server) {
    const auto reference = fields.reference("location");
    const Location* const location = reference ? find_location_by(*reference) : nullptr;
    if (reference && location == nullptr) fields.refuse("location", "No such location.");
    if (!reference && !server) {
        fields.refuse("location", "One of server and location is needed.");
    }
    fields.finish();
    std::string place(location == nullptr ? "" : location->name);
    if (!server) return place;
    const std::string& servers_place = require(world, servers(), *server).location;
    if (location != nullptr && place != servers_place) {
        fields.refuse("location", "The server is in another location.");
    }
    fields.finish();
    return servers_place;
}

Volume read_new(const World& world, InputFields& fields, std::optional<Id> server) {
    Volume volume;
    volume.status = "creating";
    volume.name = fields.required_text("name");
    check_name(fields, volume.name);
    volume.size = read_size(fields);
    volume.labels = fields.labels().value_or(Labels());
    const std::string format = fields.choice("format", {"xfs", "ext4"}, "");
    if (!format.empty()) volume.format = format;
    if (fields.boolean("automount").value_or(false) && !server) {
        fields.refuse("automount", "Needs a server.");
    }
    volume.location = read_place(world, fields, server);
    return volume;
}

Response create_volume(World& world, const Request& request) {
    InputFields fields(request);
    const auto server = fields.optional_integer("server");
    Volume volume = read_new(world, fields, server);
    if (server) require_room(world, *server);
    const Id id = create(world, volumes(), std::move(volume));
    ActionPlan creating{
        .command = "create_volume",
        .resources = {{id, "volume"}},
        .effect = on<Volume>(volumes(), id, [](Volume& made) { made.status = "available"; })};
    if (server) creating.resources.insert(creating.resources.begin(), {*server, "server"});
    const Action& action = world.start(std::move(creating));
    json next_actions = json::array();
    if (server) {
        ActionPlan attaching = attach_volume_plan(id, *server);
        attaching.after = action.id;
        next_actions.push_back(action_json(world, world.start(std::move(attaching))));
    }
    return json_response(201, {{"volume", show(world, volumes(), id)},
                               {"action", action_json(world, action)},
                               {"next_actions", next_actions}});
}

Response attach(World& world, const Request& request) {
    const Id id = path_id(request);
    require(world, volumes(), id);
    InputFields fields(request);
    const Id server = fields.integer("server");
    fields.boolean("automount");
    fields.finish();
    const std::string& location = require(world, servers(), server).location;
    require_attachable(world, id, location);
    require_room(world, server);
    return created(world, attach_volume_plan(id, server));
}

Response detach(World& world, const Request& request) {
    const Id id = path_id(request);
    const Volume& volume = require(world, volumes(), id);
    require_idle(world, volumes(), id);
    ActionPlan plan{
        .command = "detach_volume",
        .resources = {{id, "volume"}},
        .effect = on<Volume>(volumes(), id, [](Volume& changed) { changed.server.reset(); })};
    if (volume.server) {
        require_idle(world, servers(), *volume.server);
        plan.resources.insert(plan.resources.begin(), {*volume.server, "server"});
    } else if (world.state().switches.get("detach_detached_volume") != "success") {
        throw ApiError(422, "service_error", "volume is not attached to a server");
    }
    return created(world, std::move(plan));
}

Response resize(World& world, const Request& request) {
    const Id id = path_id(request);
    const Volume& volume = require(world, volumes(), id);
    InputFields fields(request);
    const std::int64_t size = read_size(fields);
    fields.finish();
    if (size <= volume.size) fields.refuse("size", "Must be greater than the current size.");
    fields.finish();
    require_idle(world, volumes(), id);
    return created(world, {.command = "resize_volume",
                           .resources = {{id, "volume"}},
                           .effect = on<Volume>(volumes(), id,
                                                [size](Volume& changed) { changed.size = size; })});
}

std::function<void(Volume&)> read_update(InputFields& fields) {
    check_name(fields, fields.text("name").value_or(""));
    return {};
}

// Code and text as seen in csi-driver#12.
void refuse_attached(const World& /*world*/, Id id, const Volume& volume) {
    if (!volume.server) return;
    throw ApiError(422, "service_error",
                   fmt::format("volume with ID '{}' is still attached to a server", id));
}

}  // namespace

void require_attachable(const World& world, Id id, const std::string& location) {
    const Volume& volume = require(world, volumes(), id);
    require_idle(world, volumes(), id);
    if (volume.server) {
        throw ApiError(422, world.state().switches.get("attach_attached_volume"),
                       "volume is already attached to a server");
    }
    if (volume.location == location) return;
    throw ApiError(422, "invalid_input",
                   fmt::format("volume with ID '{}' is in another location than the server", id));
}

ActionPlan attach_volume_plan(Id id, Id server) {
    Effect attach = [=](State& state) -> std::optional<ActionError> {
        Volume* const volume = find(state, volumes(), id);
        if (volume == nullptr || state.servers.count(server) == 0) {
            return ActionError{"action_failed", "the volume or the server is gone"};
        }
        if (volume->status != "available") {
            return ActionError{"action_failed", "the volume has not been created"};
        }
        volume->server = server;
        return std::nullopt;
    };
    return {.command = "attach_volume",
            .resources = {{server, "server"}, {id, "volume"}},
            .effect = std::move(attach)};
}

void require_room_for_volumes(std::size_t count) {
    if (count <= kMaxVolumesPerServer) return;
    throw ApiError(422, "limit_exceeded_error",
                   fmt::format("a server cannot have more than {} volumes", kMaxVolumesPerServer));
}

std::vector<Id> volumes_of(const State& state, Id server) {
    std::vector<Id> ids;
    for (const auto& [id, volume] : state.volumes) {
        if (volume.server == server) ids.push_back(id);
    }
    return ids;
}

void detach_volumes(State& state, Id server) {
    for (auto& [id, volume] : state.volumes) {
        if (volume.server == server) volume.server.reset();
    }
}

const Kind<Volume>& volumes() {
    static const Kind<Volume> kKind{"volumes",   "volume",
                                    "volume",    &State::volumes,
                                    volume_json, {{"id", "name", "created"}, {"name", "status"}}};
    return kKind;
}

void add_volumes(Router& router) {
    add_reading(router, volumes());
    add_updating<Volume>(router, volumes(), read_update);
    add_deleting<Volume>(router, volumes(), refuse_attached);
    add_protecting(router, volumes());
    add_action_lists(router, volumes());
    router.add("POST", "/v1/volumes", create_volume);
    router.add("POST", "/v1/volumes/{id}/actions/attach", attach);
    router.add("POST", "/v1/volumes/{id}/actions/detach", detach);
    router.add("POST", "/v1/volumes/{id}/actions/resize", resize);
}

}  // namespace hcloud::sim

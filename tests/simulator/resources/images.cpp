// Images. Making one of a server: server_images.cpp.
#include "tests/simulator/resources/images.h"

#include "tests/simulator/values.h"

#include <algorithm>

namespace hcloud::sim {

namespace {

using nlohmann::json;

constexpr std::int64_t kCatalogDiskSize = 5;  // GB

json catalog_image_json(const World& world, const CatalogImage& image) {
    return {
        {"id", image.id},
        {"type", image.type},
        {"status", "available"},
        {"name", image.name},
        {"description", image.description},
        {"image_size", nullptr},
        {"disk_size", kCatalogDiskSize},
        {"created", world.timestamp(*parse_time("2023-06-13T06:00:00Z"))},
        {"created_from", nullptr},
        {"bound_to", nullptr},
        {"os_flavor", image.os_flavor},
        {"os_version", image.os_version},
        {"rapid_deploy", image.type == "system"},
        {"protection", {{"delete", false}}},
        {"deprecated", image.deprecated ? json(world.timestamp(*image.deprecated)) : json(nullptr)},
        {"deleted", nullptr},
        {"labels", json::object()},
        {"architecture", image.architecture}};
}

json created_from_json(const Image& image) {
    if (!image.created_from) return nullptr;
    return {{"id", *image.created_from}, {"name", image.created_from_name}};
}

json project_image_json(const World& world, Id id, const Image& image) {
    const bool creating = world.locked({id, "image"}) && image.status == "unavailable";
    const json size = image.image_size_mb ? json(static_cast<double>(*image.image_size_mb) / 1000)
                                          : json(nullptr);
    return {{"id", id},
            {"type", image.type},
            {"status", creating ? "creating" : image.status},
            {"name", nullptr},
            {"description", image.description},
            {"image_size", size},
            {"disk_size", image.disk_size},
            {"created", world.timestamp(image.created)},
            {"created_from", created_from_json(image)},
            {"bound_to", or_null(image.bound_to)},
            {"os_flavor", image.os_flavor},
            {"os_version", or_null(image.os_version)},
            {"rapid_deploy", false},
            {"protection", {{"delete", image.delete_protection}}},
            {"deprecated", nullptr},
            {"deleted", nullptr},
            {"labels", image.labels},
            {"architecture", image.architecture}};
}

/// Those filters that a comparison of texts cannot do.
bool wanted(const Request& request, const json& image) {
    if (!image["deprecated"].is_null() && request.query_value("include_deprecated") != "true") {
        return false;
    }
    const auto servers = request.query_values("bound_to");
    if (servers.empty()) return true;
    return image["bound_to"].is_number() &&
           std::find(servers.begin(), servers.end(), image["bound_to"].dump()) != servers.end();
}

Response list(World& world, const Request& request) {
    std::vector<json> items;
    for (const auto& [id, image] : world.state().images)
        items.push_back(project_image_json(world, id, image));
    for (const CatalogImage& image : catalog_images())
        items.push_back(catalog_image_json(world, image));
    items.erase(std::remove_if(items.begin(), items.end(),
                               [&](const json& item) { return !wanted(request, item); }),
                items.end());
    return list_response(request, "images", std::move(items), images().list);
}

/// Throws ApiError 404.
void require_image(const World& world, Id id) {
    if (find_catalog_image(id) == nullptr) require(world, images(), id);
}

Response get(World& world, const Request& request) {
    const Id id = path_id(request);
    require_image(world, id);
    return json_response(200, {{"image", image_json(world, id)}});
}

/// An id of the path that is one of the project's images; what Hetzner offers can be read only.
Id changeable_id(const World& world, const Request& request) {
    const Id id = path_id(request);
    if (find_catalog_image(id) != nullptr) {
        throw ApiError(422, "unsupported_error", "only snapshots and backups can be changed");
    }
    require(world, images(), id);
    return id;
}

Response update(World& world, const Request& request) {
    const Id id = changeable_id(world, request);
    InputFields fields(request);
    const auto description = fields.text("description");
    const auto labels = fields.labels();
    const bool convert = !fields.choice("type", {"snapshot"}, "").empty();
    fields.finish();
    world.change([&](State& state) {
        Image& image = state.images.at(id);
        if (description) image.description = *description;
        if (labels) image.labels = *labels;
        if (convert) {
            image.type = "snapshot";
            image.bound_to.reset();
        }
    });
    return json_response(200, {{"image", image_json(world, id)}});
}

Response remove(World& world, const Request& request) {
    const Id id = changeable_id(world, request);
    require_unprotected(require(world, images(), id).delete_protection, "image deletion");
    require_unlocked(world, {id, "image"}, "image");
    world.change([&](State& state) { remove_image(state, id); });
    return text_response(204, "");
}

Response change_protection(World& world, const Request& request) {
    const Id id = changeable_id(world, request);
    InputFields fields(request);
    const auto protect = fields.boolean("delete");
    fields.finish();
    if (require(world, images(), id).type != "snapshot") {
        throw ApiError(422, "unsupported_error", "only snapshots can be protected");
    }
    require_unlocked(world, {id, "image"}, "image");
    return created(world, {.command = "change_protection",
                           .resources = {{id, "image"}},
                           .effect = on<Image>(images(), id, [=](Image& image) {
                               image.delete_protection = protect.value_or(image.delete_protection);
                           })});
}

}  // namespace

json image_json(const World& world, std::optional<Id> id) {
    if (!id) return nullptr;
    const CatalogImage* const offered = find_catalog_image(*id);
    if (offered != nullptr) return catalog_image_json(world, *offered);
    const auto own = world.state().images.find(*id);
    if (own == world.state().images.end()) return nullptr;
    return project_image_json(world, *id, own->second);
}

void remove_image(State& state, Id id) {
    state.images.erase(id);
    for (auto& [unused, server] : state.servers) {
        if (server.image == id) server.image.reset();
    }
}

const Kind<Image>& images() {
    static const Kind<Image> kKind{
        "images",
        "image",
        "image",
        &State::images,
        project_image_json,
        {{"id", "name", "created"}, {"name", "type", "status", "architecture"}}};
    return kKind;
}

void add_images(Router& router) {
    router.add("GET", "/v1/images", list);
    router.add("GET", "/v1/images/{id}", get);
    router.add("PUT", "/v1/images/{id}", update);
    router.add("DELETE", "/v1/images/{id}", remove);
    router.add("POST", "/v1/images/{id}/actions/change_protection", change_protection);
    add_actions_of_kind(router, "images", "image", require_image);
}

}  // namespace hcloud::sim

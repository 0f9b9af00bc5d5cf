#include "tests/simulator/state/image.h"

namespace hcloud::sim {

namespace {

void read_origin(ObjectReader& image_reader, Image& image) {
    const nlohmann::json* const value = image_reader.find("created_from");
    if (value == nullptr) return;
    ObjectReader reader(*value, image_reader.at("created_from"));
    image.created_from = reader.integer("id");
    if (!image.created_from) reader.fail("id", "is missing");
    image.created_from_name = reader.text("name", "");
    reader.finish();
}

}  // namespace

Image read_image(Id /*id*/, const nlohmann::json& value, const ObjectReader::Pointer& where) {
    ObjectReader reader(value, where);
    Image image;
    reader.entity(image, "");
    if (!image.name.empty()) reader.fail("name", "snapshots and backups have none");
    image.type = reader.choice("type", {"snapshot", "backup"}, image.type);
    image.status = reader.choice("status", {"available", "creating", "unavailable"}, image.status);
    image.description = reader.text("description", "");
    image.image_size_mb = reader.integer("image_size_mb");
    image.disk_size = reader.integer("disk_size").value_or(image.disk_size);
    read_origin(reader, image);
    image.bound_to = reader.integer("bound_to");
    if (image.bound_to && image.type != "backup") {
        reader.fail("bound_to", "only a backup is bound to a server");
    }
    image.os_flavor = reader.text("os_flavor", image.os_flavor);
    image.os_version = reader.text("os_version");
    image.architecture = reader.choice("architecture", {"x86", "arm"}, image.architecture);
    reader.finish();
    return image;
}

nlohmann::json document_of(const Image& image) {
    auto document = entity_document(image);
    document.update({{"type", image.type},
                     {"status", image.status},
                     {"description", image.description},
                     {"image_size_mb", or_null(image.image_size_mb)},
                     {"disk_size", image.disk_size},
                     {"created_from", nullptr},
                     {"bound_to", or_null(image.bound_to)},
                     {"os_flavor", image.os_flavor},
                     {"os_version", or_null(image.os_version)},
                     {"architecture", image.architecture}});
    if (image.created_from) {
        document["created_from"] = {{"id", *image.created_from}, {"name", image.created_from_name}};
    }
    return document;
}

}  // namespace hcloud::sim

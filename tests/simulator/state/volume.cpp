#include "tests/simulator/state/volume.h"

#include "tests/simulator/resources/catalog.h"

#include <fmt/format.h>

namespace hcloud::sim {

Volume read_volume(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where) {
    ObjectReader reader(value, where);
    Volume volume;
    reader.entity(volume, fmt::format("volume-{}", id));
    volume.size = reader.integer("size").value_or(volume.size);
    if (volume.size < kSmallestVolume || volume.size > kLargestVolume) {
        reader.fail("size",
                    fmt::format("must be between {} and {}", kSmallestVolume, kLargestVolume));
    }
    volume.location = read_location(reader, "location").name;
    const std::string format = reader.choice("format", {"ext4", "xfs", ""}, "");
    if (!format.empty()) volume.format = format;
    volume.server = reader.integer("server");
    volume.status = reader.choice("status", {"available", "creating"}, volume.status);
    reader.finish();
    return volume;
}

nlohmann::json document_of(const Volume& volume) {
    auto document = entity_document(volume);
    document["size"] = volume.size;
    document["location"] = volume.location;
    document["format"] = or_null(volume.format);
    document["server"] = or_null(volume.server);
    document["status"] = volume.status;
    return document;
}

}  // namespace hcloud::sim

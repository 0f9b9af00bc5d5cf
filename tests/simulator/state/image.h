// Images of the project: snapshots and backups. What Hetzner offers is in the catalog.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <optional>
#include <string>

namespace hcloud::sim {

/// Its name is empty: the API shows none.
struct Image : Entity {
    std::string type = "snapshot";  // or backup
    std::string status = "available";
    std::string description;
    std::optional<std::int64_t> image_size_mb;  // none while it is being made
    std::int64_t disk_size = 40;                // GB, what a server's disk must have at least
    std::optional<Id> created_from;             // a server, which may be gone
    std::string created_from_name;
    std::optional<Id> bound_to;  // of a backup: the server it goes with
    std::string os_flavor = "debian";
    std::optional<std::string> os_version;
    std::string architecture = "x86";
    bool operator==(const Image&) const = default;
};

Image read_image(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const Image& image);

}  // namespace hcloud::sim

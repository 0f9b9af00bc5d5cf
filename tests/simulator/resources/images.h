// Images as servers and requests name them: those of the catalog (system and app) and those of the
// project (snapshot and backup).
#pragma once

#include "tests/simulator/resources/kinds.h"

#include <optional>
#include <string>

namespace hcloud::sim {

struct CatalogImage {
    Id id;
    std::string name;
    std::string description;
    std::string os_flavor;
    std::string os_version;
    std::string architecture;
    std::string type = "system";  // or app
    std::optional<Time> deprecated;
};

const std::vector<CatalogImage>& catalog_images();
const CatalogImage* find_catalog_image(Id id);
/// null for none and for one that is gone.
nlohmann::json image_json(const World& world, std::optional<Id> id);

/// Servers made from it have none then.
void remove_image(State& state, Id id);
/// Those that are bound to the server.
void remove_backups(State& state, Id server);

/// What is to know of an image to install it.
struct ImageChoice {
    Id id = 0;
    std::int64_t disk_size = 0;  // GB, that the server's disk must have
};

/// By id or name ("debian-12"), a name for that architecture. Throws ApiError: none, not available,
/// made for another architecture.
ImageChoice choose_image(const World& world, const std::string& reference,
                         const std::string& architecture);

}  // namespace hcloud::sim

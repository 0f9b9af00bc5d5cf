// Locations and datacenters as requests name and answers show them.
#pragma once

#include "tests/simulator/resources/catalog.h"
#include "tests/simulator/resources/catalog_kind.h"

#include <string>

namespace hcloud::sim {

const CatalogKind<Location>& location_kind();
/// The location of the datacenter with that id or name; nullptr if there is none.
const Location* find_datacenter(const std::string& reference);
/// The API's Datacenter object as it was until 2026; `name` as a server has it.
nlohmann::json datacenter_json(const World& world, const Location& place, const std::string& name);

}  // namespace hcloud::sim

// ISO images, public ones only.
#pragma once

#include "tests/simulator/resources/catalog_kind.h"

#include <optional>
#include <string>

namespace hcloud::sim {

struct Iso {
    Id id;
    std::string name;
    std::string description;
    std::optional<std::string> architecture;  // none: for all
    std::optional<Time> unavailable_after;
};

const CatalogKind<Iso>& isos();
const Iso* find_iso(Id id);
nlohmann::json iso_json(const World& world, const Iso& iso);

}  // namespace hcloud::sim

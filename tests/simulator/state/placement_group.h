// Placement groups. Servers name theirs.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <string>

namespace hcloud::sim {

inline constexpr std::size_t kMaxServersOfPlacementGroup = 10;

struct PlacementGroup : Entity {
    std::string type = "spread";  // there is no other
    bool operator==(const PlacementGroup&) const = default;
};

PlacementGroup read_placement_group(Id id, const nlohmann::json& value,
                                    const ObjectReader::Pointer& where);
nlohmann::json document_of(const PlacementGroup& group);

}  // namespace hcloud::sim

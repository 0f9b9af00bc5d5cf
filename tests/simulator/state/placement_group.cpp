#include "tests/simulator/state/placement_group.h"

#include <fmt/format.h>

namespace hcloud::sim {

PlacementGroup read_placement_group(Id id, const nlohmann::json& value,
                                    const ObjectReader::Pointer& where) {
    ObjectReader reader(value, where);
    PlacementGroup group;
    reader.entity(group, fmt::format("placement-group-{}", id));
    if (group.delete_protection) {
        reader.fail("delete_protection", "placement groups have no protection");
    }
    group.type = reader.choice("type", {"spread"}, group.type);
    reader.finish();
    return group;
}

nlohmann::json document_of(const PlacementGroup& group) {
    auto document = entity_document(group);
    document["type"] = group.type;
    return document;
}

}  // namespace hcloud::sim

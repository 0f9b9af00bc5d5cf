// Placement groups. Adding a server to one and taking it out: server_placement.cpp.
#include "tests/simulator/resources/kinds.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

std::vector<Id> members(const State& state, Id group) {
    std::vector<Id> ids;
    for (const auto& [id, server] : state.servers) {
        if (server.placement_group == group) ids.push_back(id);
    }
    return ids;
}

json placement_group_json(const World& world, Id id, const PlacementGroup& group) {
    return {{"id", id},
            {"name", group.name},
            {"labels", group.labels},
            {"type", group.type},
            {"created", world.timestamp(group.created)},
            {"servers", members(world.state(), id)}};
}

Response create_group(World& world, const Request& request) {
    InputFields fields(request);
    PlacementGroup group;
    group.name = fields.required_text("name");
    group.labels = fields.labels().value_or(Labels());
    group.type = fields.choice("type", {"spread"}, std::nullopt);
    fields.finish();
    const Id id = create(world, placement_groups(), group);
    return json_response(201, {{"placement_group", show(world, placement_groups(), id)}});
}

void refuse_in_use(const World& world, Id id, const PlacementGroup& /*group*/) {
    if (members(world.state(), id).empty()) return;
    throw ApiError(422, "resource_in_use",
                   fmt::format("placement group with ID {} is still in use", id));
}

}  // namespace

const Kind<PlacementGroup>& placement_groups() {
    static const Kind<PlacementGroup> kKind{
        "placement_groups",   "placement_group",
        "placement group",    &State::placement_groups,
        placement_group_json, {{"id", "name", "created"}, {"name", "type"}}};
    return kKind;
}

void add_placement_groups(Router& router) {
    router.add("POST", "/v1/placement_groups", create_group);
    add_reading(router, placement_groups());
    add_updating(router, placement_groups());
    add_deleting<PlacementGroup>(router, placement_groups(), refuse_in_use);
}

}  // namespace hcloud::sim

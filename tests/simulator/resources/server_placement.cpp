#include "tests/simulator/resources/server_placement.h"

#include <algorithm>

#include <fmt/format.h>

namespace hcloud::sim {

void require_in_stock(const World& world, const ServerType& type, const std::string& location) {
    if (type.offer_in(location) == nullptr) {
        throw ApiError(
            422, "invalid_input", "unsupported location for server type",
            {{"fields",
              {{{"name", "location"}, {"messages", {"Unsupported location for server type."}}}}}});
    }
    if (available(world, type, location)) return;
    throw ApiError(412, "resource_unavailable", "error during placement");
}

void require_fits(const ImageChoice& image, std::int64_t disk) {
    if (image.disk_size <= disk) return;
    throw ApiError(
        422, "invalid_input", fmt::format("image needs a disk of {} GB", image.disk_size),
        {{"fields", {{{"name", "image"}, {"messages", {"Does not fit on the disk."}}}}}});
}

void require_room_in_group(const World& world, Id group) {
    require(world, placement_groups(), group);
    const auto& servers = world.state().servers;
    const auto members = std::count_if(servers.begin(), servers.end(), [&](const auto& entry) {
        return entry.second.placement_group == group;
    });
    if (static_cast<std::size_t>(members) < kMaxServersOfPlacementGroup) return;
    throw ApiError(422, world.state().switches.get("placement_group_full"),
                   fmt::format("placement group with ID {} contains already {} servers", group,
                               kMaxServersOfPlacementGroup));
}

}  // namespace hcloud::sim

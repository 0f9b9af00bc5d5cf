// Where a server can be: stock, disk, placement group.
#pragma once

#include "tests/simulator/resources/images.h"
#include "tests/simulator/resources/server_types.h"

namespace hcloud::sim {

// All throw ApiError.

/// The type is sold in that location, and there is one left.
void require_in_stock(const World& world, const ServerType& type, const std::string& location);
/// The image fits on a disk of so many GB.
void require_fits(const ImageChoice& image, std::int64_t disk);
/// The placement group exists and takes one more server.
void require_room_in_group(const World& world, Id group);

}  // namespace hcloud::sim

// What is the same in every project: locations, and the server type and image every server has
// here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace hcloud::sim {

struct Location {
    std::string_view name;
    std::string_view datacenter;  // the legacy name that metadata still shows
    std::string_view network_zone;
};

/// nullptr unless Hetzner has a location of that name.
const Location* find_location(std::string_view name);
/// "fsn1, nbg1, …" for messages.
std::string location_names();
/// The API's Location object; the name must be one of the above.
nlohmann::json location_json(std::string_view name);

nlohmann::json server_type_json(std::string_view location);
nlohmann::json image_json();

/// When everything that the state file describes was created.
inline constexpr std::string_view kCreated = "2026-01-30T23:55:00Z";

}  // namespace hcloud::sim

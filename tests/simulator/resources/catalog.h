// What is the same in every project. Here: locations, which the state documents name too.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

struct Location {
    Id id;
    std::string_view name;
    std::string_view datacenter;  // the legacy name that metadata still shows
    Id datacenter_id;
    std::string_view network_zone;
    std::string_view description;
    std::string_view country;
    std::string_view city;
    double latitude;
    double longitude;
};

const std::vector<Location>& locations();
/// nullptr unless Hetzner has a location of that name.
const Location* find_location(std::string_view name);
/// The same by "1" or "fsn1".
const Location* find_location_by(const std::string& id_or_name);
/// "fsn1, nbg1, …" for messages.
std::string location_names();
/// A location's name in a state document; "fsn1" if it is not there.
const Location& read_location(ObjectReader& reader, const std::string& key);
/// The API's Location object; the name must be one of the above.
nlohmann::json location_json(std::string_view name);

}  // namespace hcloud::sim

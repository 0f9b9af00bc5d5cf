#include "tests/simulator/resources/catalog.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace hcloud::sim {

const std::vector<Location>& locations() {
    static const std::vector<Location> kLocations{
        {1, "fsn1", "fsn1-dc14", 4, "eu-central", "Falkenstein DC Park 1", "DE", "Falkenstein",
         50.47612, 12.370071},
        {2, "nbg1", "nbg1-dc3", 2, "eu-central", "Nuremberg DC Park 1", "DE", "Nuremberg",
         49.452102, 11.076665},
        {3, "hel1", "hel1-dc2", 3, "eu-central", "Helsinki DC Park 1", "FI", "Helsinki", 60.169855,
         24.938379},
        {4, "ash", "ash-dc1", 5, "us-east", "Ashburn, VA", "US", "Ashburn, VA", 39.045821,
         -77.487073},
        {5, "hil", "hil-dc1", 6, "us-west", "Hillsboro, OR", "US", "Hillsboro, OR", 45.54222,
         -122.951924},
        {6, "sin", "sin-dc1", 7, "ap-southeast", "Singapore", "SG", "Singapore", 1.283333,
         103.833333},
    };
    return kLocations;
}

const Location* find_location(std::string_view name) {
    const auto found = std::find_if(locations().begin(), locations().end(),
                                    [&](const Location& place) { return place.name == name; });
    return found == locations().end() ? nullptr : &*found;
}

const Location* find_location_by(const std::string& id_or_name) {
    const auto found =
        std::find_if(locations().begin(), locations().end(),
                     [&](const Location& place) { return std::to_string(place.id) == id_or_name; });
    return found == locations().end() ? find_location(id_or_name) : &*found;
}

std::string location_names() {
    std::vector<std::string_view> names;
    for (const Location& place : locations())
        names.push_back(place.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

const Location& read_location(ObjectReader& reader, const std::string& key) {
    const std::string name = reader.text(key, "fsn1");
    const Location* const location = find_location(name);
    if (location == nullptr) {
        reader.fail(key, fmt::format("'{}' is no location; known: {}", name, location_names()));
    }
    return *location;
}

nlohmann::json location_json(std::string_view name) {
    const Location& place = *find_location(name);
    return {{"id", place.id},
            {"name", place.name},
            {"description", place.description},
            {"country", place.country},
            {"city", place.city},
            {"latitude", place.latitude},
            {"longitude", place.longitude},
            {"network_zone", place.network_zone}};
}

}  // namespace hcloud::sim

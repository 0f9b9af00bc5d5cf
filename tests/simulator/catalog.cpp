#include "tests/simulator/catalog.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

namespace {

using nlohmann::json;

struct Place {
    Location location;
    int id;
    const char* description;
    const char* country;
    const char* city;
    double latitude;
    double longitude;
};

constexpr std::array<Place, 6> kPlaces{{
    {{"fsn1", "fsn1-dc14", "eu-central"},
     1,
     "Falkenstein DC Park 1",
     "DE",
     "Falkenstein",
     50.47612,
     12.370071},
    {{"nbg1", "nbg1-dc3", "eu-central"},
     2,
     "Nuremberg DC Park 1",
     "DE",
     "Nuremberg",
     49.452102,
     11.076665},
    {{"hel1", "hel1-dc2", "eu-central"},
     3,
     "Helsinki DC Park 1",
     "FI",
     "Helsinki",
     60.169855,
     24.938379},
    {{"ash", "ash-dc1", "us-east"}, 4, "Ashburn, VA", "US", "Ashburn, VA", 39.045821, -77.487073},
    {{"hil", "hil-dc1", "us-west"},
     5,
     "Hillsboro, OR",
     "US",
     "Hillsboro, OR",
     45.54222,
     -122.951924},
    {{"sin", "sin-dc1", "ap-southeast"}, 6, "Singapore", "SG", "Singapore", 1.283333, 103.833333},
}};

const Place* find_place(std::string_view name) {
    const auto* const place =
        std::find_if(kPlaces.begin(), kPlaces.end(),
                     [&](const Place& candidate) { return candidate.location.name == name; });
    return place == kPlaces.end() ? nullptr : place;
}

json price(const char* net, const char* gross) {
    return {{"net", net}, {"gross", gross}};
}

}  // namespace

const Location* find_location(std::string_view name) {
    const Place* place = find_place(name);
    return place == nullptr ? nullptr : &place->location;
}

std::string location_names() {
    std::string names;
    for (const Place& place : kPlaces) {
        if (!names.empty()) names += ", ";
        names += place.location.name;
    }
    return names;
}

json location_json(std::string_view name) {
    const Place& place = *find_place(name);
    return {{"id", place.id},
            {"name", place.location.name},
            {"description", place.description},
            {"country", place.country},
            {"city", place.city},
            {"latitude", place.latitude},
            {"longitude", place.longitude},
            {"network_zone", place.location.network_zone}};
}

json server_type_json(std::string_view location) {
    return {{"id", 22},
            {"name", "cpx11"},
            {"description", "CPX11"},
            {"cores", 2},
            {"memory", 2.0},
            {"disk", 40},
            {"deprecated", false},
            {"prices", json::array({{{"location", location},
                                     {"price_hourly", price("0.0070", "0.0083")},
                                     {"price_monthly", price("4.3500", "5.1765")},
                                     {"included_traffic", 21'990'232'555'520},
                                     {"price_per_tb_traffic", price("1.0000", "1.1900")}}})},
            {"storage_type", "local"},
            {"cpu_type", "shared"},
            {"architecture", "x86"},
            {"deprecation", nullptr}};
}

json image_json() {
    return {{"id", 114690387},
            {"type", "system"},
            {"status", "available"},
            {"name", "debian-12"},
            {"description", "Debian 12"},
            {"image_size", nullptr},
            {"disk_size", 5},
            {"created", "2023-06-13T06:00:00Z"},
            {"created_from", nullptr},
            {"bound_to", nullptr},
            {"os_flavor", "debian"},
            {"os_version", "12"},
            {"rapid_deploy", true},
            {"protection", {{"delete", false}}},
            {"deprecated", nullptr},
            {"deleted", nullptr},
            {"labels", json::object()},
            {"architecture", "x86"}};
}

}  // namespace hcloud::sim

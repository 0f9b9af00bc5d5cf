#include "tests/simulator/resources/server_types.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

constexpr std::int64_t kTerabyte = 1'099'511'627'776;

/// In Europe with 20 TB, elsewhere for a third more and with less traffic.
std::vector<Offer> in_europe(Price price) {
    return {{"fsn1", price, 20 * kTerabyte},
            {"nbg1", price, 20 * kTerabyte},
            {"hel1", price, 20 * kTerabyte}};
}

std::vector<Offer> everywhere(Price price) {
    const Price dearer{price.hourly * 4 / 3, price.monthly * 4 / 3};
    std::vector<Offer> offers = in_europe(price);
    offers.push_back({"ash", dearer, kTerabyte});
    offers.push_back({"hil", dearer, kTerabyte});
    offers.push_back({"sin", dearer, kTerabyte / 2});
    return offers;
}

std::vector<ServerType> make() {
    return {
        {1, "cx11", 1, 2, 20, "x86", "shared", in_europe({53, 32'900}),
         parse_time("2024-09-06T00:00:00Z")},
        {22, "cpx11", 2, 2, 40, "x86", "shared", everywhere({70, 43'500}), {}},
        {23, "cpx21", 3, 4, 80, "x86", "shared", everywhere({113, 70'500}), {}},
        {24, "cpx31", 4, 8, 160, "x86", "shared", everywhere({210, 131'000}), {}},
        {25, "cpx41", 8, 16, 240, "x86", "shared", everywhere({396, 247'000}), {}},
        {26, "cpx51", 16, 32, 360, "x86", "shared", everywhere({872, 544'000}), {}},
        {45, "cax11", 2, 4, 40, "arm", "shared", in_europe({53, 32'900}), {}},
        {93, "cax21", 4, 8, 80, "arm", "shared", in_europe({96, 59'900}), {}},
        {94, "cax31", 8, 16, 160, "arm", "shared", in_europe({192, 119'900}), {}},
        {95, "cax41", 16, 32, 320, "arm", "shared", in_europe({392, 244'900}), {}},
        {96, "ccx13", 2, 8, 80, "x86", "dedicated", everywhere({200, 124'900}), {}},
        {97, "ccx23", 4, 16, 160, "x86", "dedicated", everywhere({392, 244'900}), {}},
        {98, "ccx33", 8, 32, 240, "x86", "dedicated", everywhere({777, 484'900}), {}},
        {104, "cx22", 2, 4, 40, "x86", "shared", in_europe({61, 37'900}), {}},
        {105, "cx32", 4, 8, 80, "x86", "shared", in_europe({109, 68'000}), {}},
        {106, "cx42", 8, 16, 160, "x86", "shared", in_europe({263, 164'000}), {}},
    };
}

const std::vector<ServerType>& table() {
    static const std::vector<ServerType> kTable = make();
    return kTable;
}

json deprecation_json(const World& world, const ServerType& type) {
    static constexpr std::chrono::hours kNotice{24 * 92};
    if (!type.unavailable_after) return nullptr;
    return {{"announced", world.timestamp(*type.unavailable_after - kNotice)},
            {"unavailable_after", world.timestamp(*type.unavailable_after)}};
}

json server_type_json(const World& world, const ServerType& type) {
    std::string description = type.name;
    for (char& letter : description)
        letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return {{"id", type.id},
            {"name", type.name},
            {"description", description},
            {"cores", type.cores},
            {"memory", type.memory},
            {"disk", type.disk},
            {"deprecated", type.unavailable_after.has_value()},
            {"prices", offers_json(type.offers)},
            {"storage_type", "local"},
            {"cpu_type", type.cpu_type},
            {"architecture", type.architecture},
            {"deprecation", deprecation_json(world, type)}};
}

}  // namespace

const Offer* ServerType::offer_in(std::string_view location) const {
    const auto found = std::find_if(offers.begin(), offers.end(),
                                    [&](const Offer& offer) { return offer.location == location; });
    return found == offers.end() ? nullptr : &*found;
}

const CatalogKind<ServerType>& server_types() {
    static const CatalogKind<ServerType> kKind{"server_types", "server_type", "server type", table,
                                               server_type_json};
    return kKind;
}

const ServerType* find_server_type(const std::string& name) {
    const auto found = std::find_if(table().begin(), table().end(),
                                    [&](const ServerType& type) { return type.name == name; });
    return found == table().end() ? nullptr : &*found;
}

std::string server_type_names() {
    std::vector<std::string> names;
    for (const ServerType& type : table())
        names.push_back(type.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

bool available(const World& world, const ServerType& type, std::string_view location) {
    const bool withdrawn = type.unavailable_after && *type.unavailable_after <= world.now();
    if (withdrawn || type.offer_in(location) == nullptr) return false;
    const OutOfStock& sold_out = world.state().out_of_stock;
    const auto places = sold_out.find(type.name);
    return places == sold_out.end() || std::find(places->second.begin(), places->second.end(),
                                                 location) == places->second.end();
}

void add_server_types(Router& router) {
    add_catalog_reading(router, server_types());
}

}  // namespace hcloud::sim

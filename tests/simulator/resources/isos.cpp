#include "tests/simulator/resources/isos.h"

namespace hcloud::sim {

namespace {

using nlohmann::json;

const std::vector<Iso>& table() {
    static const std::vector<Iso> kTable{
        {8637, "FreeBSD-11.0-RELEASE-amd64-dvd1", "FreeBSD 11.0 x64", "x86",
         parse_time("2023-09-01T00:00:00Z")},
        {118092, "systemrescue-11.00-amd64.iso", "SystemRescue 11.00", "x86", {}},
        {121508, "debian-12.5.0-amd64-netinst.iso", "Debian 12.5 (amd64/netinstall)", "x86", {}},
        {121509, "debian-12.5.0-arm64-netinst.iso", "Debian 12.5 (arm64/netinstall)", "arm", {}},
        {122630, "virtio-win-0.1.248.iso", "virtio 0.1.248", std::nullopt, {}},
    };
    return kTable;
}

bool wanted(const Request& request, const Iso& iso) {
    const auto architectures = request.query_values("architecture");
    if (architectures.empty()) return true;
    if (!iso.architecture) {
        return request.query_value("include_architecture_wildcard") == "true";
    }
    return std::find(architectures.begin(), architectures.end(), *iso.architecture) !=
           architectures.end();
}

Response list(World& world, const Request& request) {
    std::vector<json> items;
    for (const Iso& iso : table()) {
        if (wanted(request, iso)) items.push_back(iso_json(world, iso));
    }
    return list_response(request, "isos", std::move(items), isos().list);
}

}  // namespace

json iso_json(const World& world, const Iso& iso) {
    static constexpr std::chrono::hours kNotice{24 * 92};
    json deprecation = nullptr;
    if (iso.unavailable_after) {
        deprecation = {{"announced", world.timestamp(*iso.unavailable_after - kNotice)},
                       {"unavailable_after", world.timestamp(*iso.unavailable_after)}};
    }
    return {{"id", iso.id},
            {"name", iso.name},
            {"description", iso.description},
            {"type", "public"},
            {"deprecation", deprecation},
            {"architecture", iso.architecture ? json(*iso.architecture) : json(nullptr)}};
}

const CatalogKind<Iso>& isos() {
    static const CatalogKind<Iso> kKind{"isos", "iso", "ISO", table, iso_json};
    return kKind;
}

const Iso* find_iso(Id id) {
    return find_by_reference(isos(), std::to_string(id));
}

void add_isos(Router& router) {
    router.add("GET", "/v1/isos", list);
    add_catalog_entry(router, isos());
}

}  // namespace hcloud::sim

// The images that Hetzner offers.
#include "tests/simulator/resources/images.h"

#include <algorithm>

namespace hcloud::sim {

const std::vector<CatalogImage>& catalog_images() {
    static const std::vector<CatalogImage> kTable{
        {15512617, "ubuntu-20.04", "Ubuntu 20.04", "ubuntu", "20.04", "x86", "system",
         parse_time("2025-05-31T00:00:00Z")},
        {40093247, "docker-ce", "Docker CE", "ubuntu", "22.04", "x86", "app", {}},
        {45557056, "debian-11", "Debian 11", "debian", "11", "x86", "system", {}},
        {67794396, "ubuntu-22.04", "Ubuntu 22.04", "ubuntu", "22.04", "x86", "system", {}},
        {103907373, "debian-11", "Debian 11", "debian", "11", "arm", "system", {}},
        {103908130, "ubuntu-22.04", "Ubuntu 22.04", "ubuntu", "22.04", "arm", "system", {}},
        {114690387, "debian-12", "Debian 12", "debian", "12", "x86", "system", {}},
        {114690389, "debian-12", "Debian 12", "debian", "12", "arm", "system", {}},
        {161547269, "ubuntu-24.04", "Ubuntu 24.04", "ubuntu", "24.04", "x86", "system", {}},
        {161547270, "ubuntu-24.04", "Ubuntu 24.04", "ubuntu", "24.04", "arm", "system", {}},
        {310557660, "debian-13", "Debian 13", "debian", "13", "x86", "system", {}},
        {310557661, "debian-13", "Debian 13", "debian", "13", "arm", "system", {}},
    };
    return kTable;
}

const CatalogImage* find_catalog_image(Id id) {
    const auto& table = catalog_images();
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const CatalogImage& image) { return image.id == id; });
    return found == table.end() ? nullptr : &*found;
}

}  // namespace hcloud::sim

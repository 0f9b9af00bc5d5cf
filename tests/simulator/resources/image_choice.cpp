// The image that a request means, checked for the server it is to be installed on.
#include "tests/simulator/resources/images.h"
#include "tests/simulator/values.h"

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

const CatalogImage* find_offered(const std::string& reference, const std::string& architecture) {
    for (const CatalogImage& image : catalog_images()) {
        if (std::to_string(image.id) == reference) return &image;
        // The same name stands for one image of each architecture.
        if (image.name == reference && image.architecture == architecture) return &image;
    }
    return nullptr;
}

void require_architecture(const std::string& has, const std::string& wants) {
    if (has == wants) return;
    throw ApiError(
        422, "invalid_input", fmt::format("image is for {}, the server type is {}", has, wants),
        {{"fields", {{{"name", "image"}, {"messages", {"Incompatible with the server type."}}}}}});
}

}  // namespace

ImageChoice choose_image(const World& world, const std::string& reference,
                         const std::string& architecture) {
    const CatalogImage* const offered = find_offered(reference, architecture);
    if (offered != nullptr) {
        require_architecture(offered->architecture, architecture);
        return {offered->id, 0};
    }
    const auto id = parse_id(reference);
    const auto& own = world.state().images;
    if (!id || own.count(*id) == 0) throw not_found("image", reference);
    const Image& image = own.at(*id);
    require_architecture(image.architecture, architecture);
    if (image.status != "available") {
        throw ApiError(412, "resource_unavailable", "image is not available");
    }
    return {*id, image.disk_size};
}

}  // namespace hcloud::sim

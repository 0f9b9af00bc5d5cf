#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/listing.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// GET /volumes/{id}. Throws cloud::Error, `malformed` also if the answer is for another id.
Volume get_volume(Client& client, std::int64_t id, const CallOptions& options = {});
/// All pages (each_page() says what that means).
std::vector<Volume> list_volumes(Client& client, const ListFilter& filter = {},
                                 const CallOptions& options = {});
/// By id, or else by name.
std::optional<Volume> find_volume(Client& client, const std::string& name_or_id,
                                  const CallOptions& options = {});

/// Never mounts it. `volume_already_attached`, and the `service_error` that said it before, are of
/// the class already_so: read the volume, it may be another server's.
Action attach_volume(Client& client, std::int64_t volume, std::int64_t server,
                     const CallOptions& options = {});
Action detach_volume(Client& client, std::int64_t volume, const CallOptions& options = {});
/// To `size` GB; it can only grow.
Action resize_volume(Client& client, std::int64_t volume, std::int64_t size,
                     const CallOptions& options = {});

// Of {"volume": {…}} and {"volumes": […]}; these throw FieldError.
Volume parse_volume(const nlohmann::json& answer);
std::vector<Volume> parse_volumes(const nlohmann::json& answer);

}  // namespace hcloud::cloud

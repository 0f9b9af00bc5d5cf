#include "actions/cloud/volumes.h"

#include "actions/cloud/changes.h"
#include "actions/cloud/parts.h"
#include "actions/cloud/resource.h"

namespace hcloud::cloud {

namespace {

using nlohmann::json;

Volume read_volume(const Fields& fields) {
    Volume result;
    result.id = fields.required_id("id");
    result.name = fields.required_text("name");
    result.status = fields.text("status").value_or("");
    result.server = fields.id_or_null("server");
    result.location = read_location(fields);
    result.size = fields.required_integer("size");
    result.linux_device = fields.text("linux_device").value_or("");
    result.format = fields.text("format");
    return result;
}

constexpr Kind<Volume> kVolumes{"/volumes", "volume", "volumes", read_volume};

bool says_already_attached(const Error::Details& details) {
    return details.code == "service_error" &&
           details.message.find("already attached") != std::string::npos;
}

}  // namespace

Volume get_volume(Client& client, std::int64_t id, const CallOptions& options) {
    return get_one(client, kVolumes, id, options);
}

std::vector<Volume> list_volumes(Client& client, const ListFilter& filter,
                                 const CallOptions& options) {
    return list_all(client, kVolumes, filter, options);
}

std::optional<Volume> find_volume(Client& client, const std::string& name_or_id,
                                  const CallOptions& options) {
    return find_one(client, kVolumes, name_or_id, options);
}

Action attach_volume(Client& client, std::int64_t volume, std::int64_t server,
                     const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        return get_volume(client, volume, reading).server == server;
    };
    try {
        return start(client,
                     {path_of(kVolumes, volume) + "/actions/attach",
                      {{"server", server}, {"automount", false}},
                      "attach_volume",
                      made},
                     options);
    } catch (const Error& error) {
        if (!says_already_attached(error.details())) throw;
        rethrow_as(error, ErrorClass::already_so);
    }
}

Action detach_volume(Client& client, std::int64_t volume, const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        return !get_volume(client, volume, reading).server;
    };
    return start(
        client,
        {path_of(kVolumes, volume) + "/actions/detach", json::object(), "detach_volume", made},
        options);
}

Action resize_volume(Client& client, std::int64_t volume, std::int64_t size,
                     const CallOptions& options) {
    const auto made = [&](const CallOptions& reading) {
        return get_volume(client, volume, reading).size >= size;
    };
    return start(
        client,
        {path_of(kVolumes, volume) + "/actions/resize", {{"size", size}}, "resize_volume", made},
        options);
}

Volume parse_volume(const json& answer) {
    return parse_one(kVolumes, answer);
}

std::vector<Volume> parse_volumes(const json& answer) {
    return parse_page(kVolumes, Fields(answer, ""));
}

}  // namespace hcloud::cloud

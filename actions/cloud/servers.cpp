#include "actions/cloud/servers.h"

#include "actions/cloud/fields.h"

namespace hcloud::cloud {

namespace {

Server read_server(const Fields& fields) {
    Server server;
    server.id = fields.required_id("id");
    server.name = fields.required_text("name");
    if (const auto public_net = fields.object("public_net")) {
        server.floating_ips = public_net->ids("floating_ips");
    }
    return server;
}

}  // namespace

Server get_server(Client& client, std::int64_t id) {
    return get_resource<Server>(client, "/servers/" + std::to_string(id), "server", id,
                                read_server);
}

}  // namespace hcloud::cloud

// Networks, and a server's place in them.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/listing.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// GET /networks/{id}. Throws cloud::Error, `malformed` also if the answer is for another id.
Network get_network(Client& client, std::int64_t id, const CallOptions& options = {});
/// All pages (each_page() says what that means).
std::vector<Network> list_networks(Client& client, const ListFilter& filter = {},
                                   const CallOptions& options = {});
/// By id, or else by name.
std::optional<Network> find_network(Client& client, const std::string& name_or_id,
                                    const CallOptions& options = {});

struct NetworkAttachment {
    std::int64_t network = 0;
    std::optional<std::string> ip = {};  // std::nullopt: the next that is free
    std::vector<std::string> alias_ips = {};
};

/// The server has its address only when the action has ended. `server_already_attached`: already
/// so, perhaps with another address.
Action attach_to_network(Client& client, std::int64_t server, const NetworkAttachment& wanted,
                         const CallOptions& options = {});
/// `server_not_attached_to_network` is of the class already_so here.
Action detach_from_network(Client& client, std::int64_t server, std::int64_t network,
                           const CallOptions& options = {});
/// Replaces the whole list: read, change, write, read again. Never from a std::nullopt.
Action change_alias_ips(Client& client, std::int64_t server, std::int64_t network,
                        const std::vector<std::string>& alias_ips, const CallOptions& options = {});

// Of {"network": {…}} and {"networks": […]}; these throw FieldError.
Network parse_network(const nlohmann::json& answer);
std::vector<Network> parse_networks(const nlohmann::json& answer);

}  // namespace hcloud::cloud

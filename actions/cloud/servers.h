#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/listing.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// GET /servers/{id}. Throws cloud::Error, `malformed` also if the answer is for another id.
Server get_server(Client& client, std::int64_t id, const CallOptions& options = {});
/// All pages (each_page() says what that means).
std::vector<Server> list_servers(Client& client, const ListFilter& filter = {},
                                 const CallOptions& options = {});
/// By id, or else by name.
std::optional<Server> find_server(Client& client, const std::string& name_or_id,
                                  const CallOptions& options = {});

/// PUT: replaces all labels, so read, change, write, read again.
Server set_server_labels(Client& client, std::int64_t server, const Labels& labels,
                         const CallOptions& options = {});

/// Reverse DNS of one of its primary addresses; std::nullopt sets it back to the provider's.
Action change_server_dns_ptr(Client& client, std::int64_t server, const std::string& ip,
                             const std::optional<std::string>& name,
                             const CallOptions& options = {});

// Of {"server": {…}} and {"servers": […]}; these throw FieldError.
Server parse_server(const nlohmann::json& answer);
std::vector<Server> parse_servers(const nlohmann::json& answer);

}  // namespace hcloud::cloud

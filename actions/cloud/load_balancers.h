// Load balancers, and servers as their targets.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/listing.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// GET /load_balancers/{id}. Throws cloud::Error, `malformed` also if the answer is for another id.
LoadBalancer get_load_balancer(Client& client, std::int64_t id, const CallOptions& options = {});
/// All pages (each_page() says what that means).
std::vector<LoadBalancer> list_load_balancers(Client& client, const ListFilter& filter = {},
                                              const CallOptions& options = {});
/// By id, or else by name.
std::optional<LoadBalancer> find_load_balancer(Client& client, const std::string& name_or_id,
                                               const CallOptions& options = {});

struct ServerTarget {
    std::int64_t server = 0;
    bool use_private_ip = false;  // needs both in one network
};

/// `target_already_defined`: already so, perhaps by the other address. Right after an attach it may
/// still be told `server_not_attached_to_network`, since 2026
/// `resolve_cloud_private_targets_error`.
Action add_target(Client& client, std::int64_t load_balancer, const ServerTarget& target,
                  const CallOptions& options = {});
/// `load_balancer_target_not_found`: already so.
Action remove_target(Client& client, std::int64_t load_balancer, std::int64_t server,
                     const CallOptions& options = {});

// Of {"load_balancer": {…}} and {"load_balancers": […]}; these throw FieldError.
LoadBalancer parse_load_balancer(const nlohmann::json& answer);
std::vector<LoadBalancer> parse_load_balancers(const nlohmann::json& answer);

}  // namespace hcloud::cloud

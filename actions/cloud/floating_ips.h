#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/listing.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// GET /floating_ips/{id}. Throws cloud::Error, `malformed` also if the answer is for another id or
/// `ip` is neither an IPv4 address nor an IPv6 address or network.
FloatingIp get_floating_ip(Client& client, std::int64_t id, const CallOptions& options = {});
/// All pages (each_page() says what that means).
std::vector<FloatingIp> list_floating_ips(Client& client, const ListFilter& filter = {},
                                          const CallOptions& options = {});
/// By id, or else by name.
std::optional<FloatingIp> find_floating_ip(Client& client, const std::string& name_or_id,
                                           const CallOptions& options = {});

/// From wherever it is: it needs no unassigning first, which could leave it with nobody.
/// `floating_ip_assigned`: read it, it may be another server's.
Action assign_floating_ip(Client& client, std::int64_t floating_ip, std::int64_t server,
                          const CallOptions& options = {});
Action unassign_floating_ip(Client& client, std::int64_t floating_ip,
                            const CallOptions& options = {});
/// Reverse DNS; std::nullopt sets it back to the provider's.
Action change_floating_ip_dns_ptr(Client& client, std::int64_t floating_ip, const std::string& ip,
                                  const std::optional<std::string>& name,
                                  const CallOptions& options = {});

// Of {"floating_ip": {…}} and {"floating_ips": […]}; these throw FieldError.
FloatingIp parse_floating_ip(const nlohmann::json& answer);
std::vector<FloatingIp> parse_floating_ips(const nlohmann::json& answer);

}  // namespace hcloud::cloud

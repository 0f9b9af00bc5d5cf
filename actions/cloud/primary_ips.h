#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/listing.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// GET /primary_ips/{id}. Throws cloud::Error, `malformed` also if the answer is for another id or
/// `ip` is neither an IPv4 address nor an IPv6 address or network.
PrimaryIp get_primary_ip(Client& client, std::int64_t id, const CallOptions& options = {});
/// All pages (each_page() says what that means).
std::vector<PrimaryIp> list_primary_ips(Client& client, const ListFilter& filter = {},
                                        const CallOptions& options = {});
/// By id, or else by name.
std::optional<PrimaryIp> find_primary_ip(Client& client, const std::string& name_or_id,
                                         const CallOptions& options = {});

/// Reverse DNS; std::nullopt sets it back to the provider's.
Action change_primary_ip_dns_ptr(Client& client, std::int64_t primary_ip, const std::string& ip,
                                 const std::optional<std::string>& name,
                                 const CallOptions& options = {});

// Of {"primary_ip": {…}} and {"primary_ips": […]}; these throw FieldError.
PrimaryIp parse_primary_ip(const nlohmann::json& answer);
std::vector<PrimaryIp> parse_primary_ips(const nlohmann::json& answer);

}  // namespace hcloud::cloud

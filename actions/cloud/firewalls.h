// Firewalls, and the servers that they are applied to: one server a call, since a call for several
// that is needed for some only is refused as a whole.
#pragma once

#include "actions/cloud/client.h"
#include "actions/cloud/listing.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

/// GET /firewalls/{id}. Throws cloud::Error, `malformed` also if the answer is for another id.
Firewall get_firewall(Client& client, std::int64_t id, const CallOptions& options = {});
/// All pages (each_page() says what that means).
std::vector<Firewall> list_firewalls(Client& client, const ListFilter& filter = {},
                                     const CallOptions& options = {});
/// By id, or else by name.
std::optional<Firewall> find_firewall(Client& client, const std::string& name_or_id,
                                      const CallOptions& options = {});

/// `firewall_already_applied`: already so.
std::vector<Action> apply_firewall(Client& client, std::int64_t firewall, std::int64_t server,
                                   const CallOptions& options = {});
/// `firewall_already_removed`: already so. `firewall_managed_by_label_selector`: stays, and is
/// nothing to mend.
std::vector<Action> remove_firewall(Client& client, std::int64_t firewall, std::int64_t server,
                                    const CallOptions& options = {});

// Of {"firewall": {…}} and {"firewalls": […]}; these throw FieldError.
Firewall parse_firewall(const nlohmann::json& answer);
std::vector<Firewall> parse_firewalls(const nlohmann::json& answer);

}  // namespace hcloud::cloud

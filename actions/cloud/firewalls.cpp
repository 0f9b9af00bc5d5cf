#include "actions/cloud/firewalls.h"

#include "actions/cloud/changes.h"
#include "actions/cloud/parts.h"
#include "actions/cloud/resource.h"

#include <algorithm>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

Firewall::Target read_resource(const Fields& fields) {
    Firewall::Target target;
    target.type = fields.required_text("type");
    target.server = read_server_id(fields);
    target.label_selector = read_label_selector(fields);
    for (const auto& member : fields.list("applied_to_resources").value_or(std::vector<Fields>{})) {
        if (const auto server = read_server_id(member)) target.members.push_back(*server);
    }
    return target;
}

Firewall read_firewall(const Fields& fields) {
    return {fields.required_id("id"), fields.required_text("name"),
            fields.list_of("applied_to", read_resource)};
}

constexpr Kind<Firewall> kFirewalls{"/firewalls", "firewall", "firewalls", read_firewall};

enum class Applied { yes, no, unknown };

/// By itself, not by a label selector.
Applied is_applied(const Firewall& firewall, std::int64_t server) {
    if (!firewall.applied_to) return Applied::unknown;
    const auto& targets = *firewall.applied_to;
    const bool found = std::any_of(targets.begin(), targets.end(), [&](const auto& target) {
        return target.type == "server" && target.server == server;
    });
    return found ? Applied::yes : Applied::no;
}

std::vector<Action> change(Client& client, std::int64_t firewall, std::int64_t server,
                           Change change, Applied wanted, const CallOptions& options) {
    change.made = [&client, firewall, server, wanted](const CallOptions& reading) {
        return is_applied(get_firewall(client, firewall, reading), server) == wanted;
    };
    return start_several(client, change, options);
}

json only(std::int64_t server) {
    return json::array({{{"type", "server"}, {"server", {{"id", server}}}}});
}

}  // namespace

Firewall get_firewall(Client& client, std::int64_t id, const CallOptions& options) {
    return get_one(client, kFirewalls, id, options);
}

std::vector<Firewall> list_firewalls(Client& client, const ListFilter& filter,
                                     const CallOptions& options) {
    return list_all(client, kFirewalls, filter, options);
}

std::optional<Firewall> find_firewall(Client& client, const std::string& name_or_id,
                                      const CallOptions& options) {
    return find_one(client, kFirewalls, name_or_id, options);
}

std::vector<Action> apply_firewall(Client& client, std::int64_t firewall, std::int64_t server,
                                   const CallOptions& options) {
    return change(client, firewall, server,
                  {path_of(kFirewalls, firewall) + "/actions/apply_to_resources",
                   {{"apply_to", only(server)}},
                   "apply_firewall",
                   {}},
                  Applied::yes, options);
}

std::vector<Action> remove_firewall(Client& client, std::int64_t firewall, std::int64_t server,
                                    const CallOptions& options) {
    return change(client, firewall, server,
                  {path_of(kFirewalls, firewall) + "/actions/remove_from_resources",
                   {{"remove_from", only(server)}},
                   "remove_firewall",
                   {}},
                  Applied::no, options);
}

Firewall parse_firewall(const json& answer) {
    return parse_one(kFirewalls, answer);
}

std::vector<Firewall> parse_firewalls(const json& answer) {
    return parse_page(kFirewalls, Fields(answer, ""));
}

}  // namespace hcloud::cloud

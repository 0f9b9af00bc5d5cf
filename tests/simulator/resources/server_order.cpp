// The fields of an order.
#include "tests/simulator/resources/server_order.h"

#include <regex>
#include <set>

namespace hcloud::sim {

namespace {

constexpr std::size_t kMaxUserData = 32 * 1024;
constexpr std::size_t kMaxHostName = 253;

std::vector<std::string> read_ssh_keys(InputFields& fields) {
    const nlohmann::json* const value = fields.find("ssh_keys", false);
    if (value == nullptr) return {};
    std::vector<std::string> keys;
    const bool list = value->is_array();
    for (const auto& item : list ? *value : nlohmann::json::array()) {
        if (item.is_number_integer()) keys.push_back(item.dump());
        if (item.is_string()) keys.push_back(item.get<std::string>());
    }
    if (!list || keys.size() != value->size()) {
        fields.refuse("ssh_keys", "Not a valid list of IDs or names.");
    }
    return keys;
}

std::vector<Id> read_firewalls(InputFields& fields) {
    std::vector<Id> ids;
    for (InputFields& part : fields.objects("firewalls", false)) {
        ids.push_back(part.integer("firewall"));
        fields.absorb(part);
    }
    if (std::set<Id>(ids.begin(), ids.end()).size() != ids.size()) {
        fields.refuse("firewalls", "Contains duplicates.");
    }
    return ids;
}

std::map<std::string, Id> read_public_net(InputFields& fields) {
    auto part = fields.object("public_net", false);
    if (!part) return {{"ipv4", 0}, {"ipv6", 0}};
    std::map<std::string, Id> wanted;
    for (const std::string type : {"ipv4", "ipv6"}) {
        const bool enabled = part->boolean("enable_" + type).value_or(true);
        const auto given = part->optional_integer(type);
        if (!enabled && given) part->refuse(type, "Is given but not enabled.");
        if (enabled) wanted[type] = given.value_or(0);
    }
    fields.absorb(*part);
    return wanted;
}

bool may_name_datacenter(const World& world) {
    return world.state().profile == Profile::of_2025_06 ||
           world.state().switches.get("datacenter_in_requests") == "accepted";
}

void check_together(InputFields& fields, const OrderFields& order) {
    if (order.location && order.datacenter) {
        fields.refuse("datacenter", "Must not be used together with location.");
    }
    if (order.public_ips.empty() && order.networks.empty()) {
        fields.refuse("networks", "Needed for a server without public network.");
    }
    if (order.user_data.size() > kMaxUserData) {
        fields.refuse("user_data", "Longer than maximum length 32768.");
    }
}

}  // namespace

void check_host_name(InputFields& fields, const std::optional<std::string>& name) {
    static const std::string kLabel = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    static const std::regex kHostName(kLabel + "(\\." + kLabel + ")*");
    if (!name || name->empty()) return;
    // The length first: std::regex needs a stack that grows with it.
    if (name->size() <= kMaxHostName && std::regex_match(*name, kHostName)) return;
    fields.refuse("name", "Not a valid hostname as per RFC 1123.");
}

OrderFields read_order(const World& world, const Request& request) {
    InputFields fields(request);
    OrderFields order;
    order.name = fields.required_text("name");
    check_host_name(fields, order.name);
    order.labels = fields.labels().value_or(Labels());
    order.server_type = fields.required_reference("server_type");
    order.image = fields.required_reference("image");
    order.location = fields.reference("location");
    if (may_name_datacenter(world)) order.datacenter = fields.reference("datacenter");
    order.placement_group = fields.optional_integer("placement_group");
    order.ssh_keys = read_ssh_keys(fields);
    order.volumes = fields.integers("volumes");
    order.networks = fields.integers("networks");
    order.firewalls = read_firewalls(fields);
    order.user_data = fields.text("user_data").value_or("");
    order.start_after_create = fields.boolean("start_after_create").value_or(true);
    fields.boolean("automount");  // changes nothing that could be seen from outside
    order.public_ips = read_public_net(fields);
    check_together(fields, order);
    fields.finish();
    return order;
}

}  // namespace hcloud::sim

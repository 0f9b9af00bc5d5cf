#include "tests/simulator/state/switches.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

struct Switch {
    std::string name;
    std::vector<std::string> allowed;  // the first is the default
    std::string meaning;
};

// New ones go here.
const std::vector<Switch>& table() {
    static const std::vector<Switch> kTable{
        {"assign_to_holder",
         {"floating_ip_assigned", "success"},
         "assigning a floating IP to the server that has it: refused, but never in profile "
         "2025-06; or an action that ended"},
        {"assign_to_other",
         {"success", "floating_ip_assigned"},
         "assigning a floating IP that another server has: it moves, or is refused likewise"},
        {"unassign_unassigned",
         {"service_error", "floating_ip_not_assigned", "success"},
         "unassigning a floating IP that no server has"},
        {"attach_attached_volume",
         {"volume_already_attached", "service_error"},
         "attaching a volume that a server has, also if it is that server"},
        {"ip_target",
         {"accepted", "ip_not_owned", "robot_unavailable"},
         "a load balancer's target by an IP that no cloud resource has"},
        {"detach_detached_volume",
         {"service_error", "success"},
         "detaching a volume that no server has"},
        {"not_attached",
         {"server_not_attached_to_network", "not_found", "invalid_input"},
         "detaching a server from, or changing its alias IPs in, a network it is not in"},
        {"assignee_type_missing",
         {"server", "invalid_input"},
         "assigning a primary IP without saying to what type of resource"},
        {"datacenter_in_requests",
         {"ignored", "accepted"},
         "a datacenter instead of a location in a request, in profile 2026-11"},
        {"primary_ip_elsewhere",
         {"primary_ip_datacenter_mismatch", "invalid_input"},
         "assigning a primary IP to a server in another location"},
        {"protect_auto_deleted",
         {"invalid_input", "unsupported_error", "service_error"},
         "protecting a primary IP that is deleted with its server"},
        {"unassign_unassigned_primary_ip",
         {"service_error", "primary_ip_not_assigned", "success"},
         "unassigning a primary IP that no server has"},
        {"retry_not_failed",
         {"unsupported_error", "invalid_input", "service_error"},
         "retrying a certificate that is not managed or has not failed"},
        {"route_gateway_outside",
         {"invalid_input", "success"},
         "adding a route to a network whose gateway is no address of that network"},
        {"server_is_deleted",
         {"at_once", "when_action_ends"},
         "whether a server is still there, with status deleting, while the action of DELETE runs"},
        {"change_type_then",
         {"running", "off"},
         "the status of a server after change_type; the reference says that it is started again"},
        {"acpi_when_stopped",
         {"success", "action_failed"},
         "the end of reboot and shutdown of a server that is off; either way nothing happens"},
        {"reset_password_when_stopped",
         {"service_error", "conflict", "unsupported_error"},
         "reset_password of a server that is not running"},
        {"placement_group_full",
         {"placement_group_member_limit_reached", "service_error", "placement_error"},
         "one server too many for a placement group"},
        {"in_placement_group_already",
         {"service_error", "invalid_input", "conflict"},
         "add_to_placement_group of a server that is in one"},
    };
    return kTable;
}

}  // namespace

std::string Switches::get(const std::string& name) const {
    const auto value = values_.find(name);
    if (value != values_.end()) return value->second;
    const auto entry = std::find_if(table().begin(), table().end(),
                                    [&](const Switch& known) { return known.name == name; });
    if (entry == table().end()) throw std::logic_error("no switch is called " + name);
    return entry->allowed.front();
}

Switches Switches::read(ObjectReader& document) {
    Switches switches;
    const nlohmann::json* const value = document.find("switches");
    if (value == nullptr) return switches;
    ObjectReader reader(*value, document.at("switches"));
    for (const Switch& known : table()) {
        const std::string& standard = known.allowed.front();
        const std::string chosen = reader.choice(known.name, known.allowed, standard);
        if (chosen != standard) switches.values_[known.name] = chosen;
    }
    reader.finish();
    return switches;
}

nlohmann::json Switches::document() const {
    nlohmann::json document = nlohmann::json::object();
    for (const Switch& known : table())
        document[known.name] = get(known.name);
    return document;
}

std::string Switches::help() {
    std::string text;
    for (const Switch& known : table()) {
        text += fmt::format("    {}: {}\n        {}\n", known.name, fmt::join(known.allowed, " | "),
                            known.meaning);
    }
    return text;
}

}  // namespace hcloud::sim

#include "tests/simulator/commands.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

const std::set<std::string> kCommands = {"add_route",
                                         "add_service",
                                         "add_subnet",
                                         "add_target",
                                         "add_to_placement_group",
                                         "apply_firewall",
                                         "assign_floating_ip",
                                         "assign_primary_ip",
                                         "attach_iso",
                                         "attach_to_network",
                                         "attach_volume",
                                         "change_algorithm",
                                         "change_alias_ips",
                                         "change_dns_ptr",
                                         "change_ip_range",
                                         "change_load_balancer_type",
                                         "change_protection",
                                         "change_server_type",
                                         "create_floating_ip",
                                         "create_image",
                                         "create_load_balancer",
                                         "create_primary_ip",
                                         "create_server",
                                         "create_volume",
                                         "delete_route",
                                         "delete_server",
                                         "delete_service",
                                         "delete_subnet",
                                         "detach_from_network",
                                         "detach_iso",
                                         "detach_volume",
                                         "disable_backup",
                                         "disable_public_interface",
                                         "disable_rescue",
                                         "enable_backup",
                                         "enable_public_interface",
                                         "enable_rescue",
                                         "issue_certificate",
                                         "reboot_server",
                                         "rebuild_server",
                                         "remove_firewall",
                                         "remove_from_placement_group",
                                         "remove_target",
                                         "request_console",
                                         "reset_password",
                                         "reset_server",
                                         "resize_volume",
                                         "set_firewall_rules",
                                         "shutdown_server",
                                         "start_server",
                                         "stop_server",
                                         "unassign_floating_ip",
                                         "unassign_primary_ip",
                                         "update_service"};

}  // namespace

bool is_command(const std::string& name) {
    return kCommands.count(name) != 0;
}

std::string command_names() {
    return fmt::format("{}", fmt::join(kCommands, ", "));
}

}  // namespace hcloud::sim

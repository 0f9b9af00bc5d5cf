#include "tests/actions/cloud/change_cases.h"

#include "actions/cloud/firewalls.h"
#include "actions/cloud/floating_ips.h"
#include "actions/cloud/load_balancers.h"
#include "actions/cloud/networks.h"
#include "actions/cloud/primary_ips.h"
#include "actions/cloud/servers.h"
#include "actions/cloud/volumes.h"

namespace hcloud::cloud {

namespace {

using nlohmann::json;
using Actions = std::vector<Action>;
using Options = const CallOptions&;

json resource(const char* key, std::int64_t id, const json& more) {
    json body{{"id", id}, {"name", "some"}};
    body.update(more);
    return {{key, body}};
}

json in_networks(const json& private_net) {
    return resource("server", 42, {{"private_net", private_net}});
}

json in_network(const json& alias_ips) {
    return in_networks(
        json::array({{{"network", 4711}, {"ip", "10.0.0.7"}, {"alias_ips", alias_ips}}}));
}

json server_named(const json& ipv4_name) {
    const json ipv6{{"ip", "2001:db8::/64"},
                    {"dns_ptr", {{{"ip", "2001:db8::1"}, {"dns_ptr", "web1"}}}}};
    return resource(
        "server", 42,
        {{"public_net", {{"ipv4", {{"ip", "1.2.3.4"}, {"dns_ptr", ipv4_name}}}, {"ipv6", ipv6}}}});
}

json floating_ip(const json& server, const std::string& name = "") {
    return resource("floating_ip", 478,
                    {{"ip", "1.2.3.4"},
                     {"server", server},
                     {"dns_ptr", {{{"ip", "1.2.3.4"}, {"dns_ptr", name}}}}});
}

json primary_ip(const std::string& name) {
    return resource("primary_ip", 17,
                    {{"ip", "1.2.3.4"},
                     {"assignee_id", 42},
                     {"dns_ptr", {{{"ip", "1.2.3.4"}, {"dns_ptr", name}}}}});
}

json volume(const json& server, int size = 40) {
    return resource("volume", 554, {{"server", server}, {"size", size}});
}

json target(const char* type, std::int64_t server, bool use_private_ip) {
    return {{"type", type}, {"server", {{"id", server}}}, {"use_private_ip", use_private_ip}};
}

json applied_to(const json& targets) {
    return resource("firewall", 38, {{"applied_to", targets}});
}

json with_targets(const json& targets) {
    return resource("load_balancer", 4711, {{"targets", targets}});
}

std::vector<ChangeCase> network_cases() {
    const std::string path = "/servers/42/actions/";
    const std::string endpoint = "/servers/{id}/actions/";
    const auto none = json::array();
    return {
        {"AttachToNetwork",
         endpoint + "attach_to_network",
         path + "attach_to_network",
         {{"network", 4711}},
         [](Client& c, Options o) { return Actions{attach_to_network(c, 42, {4711}, o)}; },
         "/servers/42",
         {in_network(none)},
         {in_networks(none), in_networks(nullptr)}},
        {"AttachToNetworkWithAddresses",
         endpoint + "attach_to_network",
         path + "attach_to_network",
         {{"network", 4711}, {"ip", "10.0.0.7"}, {"alias_ips", {"10.0.0.8"}}},
         [](Client& c, Options o) {
             return Actions{attach_to_network(c, 42, {4711, "10.0.0.7", {"10.0.0.8"}}, o)};
         },
         "/servers/42",
         {in_network({"10.0.0.8"})},
         {in_networks(none)}},
        {"DetachFromNetwork",
         endpoint + "detach_from_network",
         path + "detach_from_network",
         {{"network", 4711}},
         [](Client& c, Options o) { return Actions{detach_from_network(c, 42, 4711, o)}; },
         "/servers/42",
         {in_networks(none)},
         {in_network(none), in_networks(nullptr)}},
        {"ChangeAliasIps",
         endpoint + "change_alias_ips",
         path + "change_alias_ips",
         {{"network", 4711}, {"alias_ips", {"10.0.0.8", "10.0.0.9"}}},
         [](Client& c, Options o) {
             return Actions{change_alias_ips(c, 42, 4711, {"10.0.0.8", "10.0.0.9"}, o)};
         },
         "/servers/42",
         {in_network({"10.0.0.9", "10.0.0.8"})},
         {in_network({"10.0.0.8"}), in_network(none), in_network(nullptr), in_networks(nullptr)}},
        {"ChangeAliasIpsToNone",
         endpoint + "change_alias_ips",
         path + "change_alias_ips",
         {{"network", 4711}, {"alias_ips", json::array()}},
         [](Client& c, Options o) { return Actions{change_alias_ips(c, 42, 4711, {}, o)}; },
         "/servers/42",
         {in_network(none)},
         {in_network({"10.0.0.8"}), in_network(nullptr)}},
    };
}

std::vector<ChangeCase> dns_cases() {
    return {
        {"ChangeServerDnsPtr",
         "/servers/{id}/actions/change_dns_ptr",
         "/servers/42/actions/change_dns_ptr",
         {{"ip", "1.2.3.4"}, {"dns_ptr", "web1"}},
         [](Client& c, Options o) {
             return Actions{change_server_dns_ptr(c, 42, "1.2.3.4", "web1", o)};
         },
         "/servers/42",
         {server_named("web1")},
         {server_named("web2"), server_named(nullptr)}},
        {"ChangeServerDnsPtrOfIpv6",
         "/servers/{id}/actions/change_dns_ptr",
         "/servers/42/actions/change_dns_ptr",
         {{"ip", "2001:db8::1"}, {"dns_ptr", "web1"}},
         [](Client& c, Options o) {
             return Actions{change_server_dns_ptr(c, 42, "2001:db8::1", "web1", o)};
         },
         "/servers/42",
         {server_named("x")},
         {in_networks(nullptr)}},
        {"ResetServerDnsPtr",
         "/servers/{id}/actions/change_dns_ptr",
         "/servers/42/actions/change_dns_ptr",
         {{"ip", "1.2.3.4"}, {"dns_ptr", nullptr}},
         [](Client& c, Options o) {
             return Actions{change_server_dns_ptr(c, 42, "1.2.3.4", std::nullopt, o)};
         },
         "",
         {},
         {}},
        {"ChangeFloatingIpDnsPtr",
         "/floating_ips/{id}/actions/change_dns_ptr",
         "/floating_ips/478/actions/change_dns_ptr",
         {{"ip", "1.2.3.4"}, {"dns_ptr", "vip"}},
         [](Client& c, Options o) {
             return Actions{change_floating_ip_dns_ptr(c, 478, "1.2.3.4", "vip", o)};
         },
         "/floating_ips/478",
         {floating_ip(42, "vip")},
         {floating_ip(42, "web1")}},
        {"ChangePrimaryIpDnsPtr",
         "/primary_ips/{id}/actions/change_dns_ptr",
         "/primary_ips/17/actions/change_dns_ptr",
         {{"ip", "1.2.3.4"}, {"dns_ptr", "web1"}},
         [](Client& c, Options o) {
             return Actions{change_primary_ip_dns_ptr(c, 17, "1.2.3.4", "web1", o)};
         },
         "/primary_ips/17",
         {primary_ip("web1")},
         {primary_ip("web2")}},
    };
}

std::vector<ChangeCase> firewall_cases() {
    const json ours = json::array({{{"type", "server"}, {"server", {{"id", 42}}}}});
    const json others = json::array({{{"type", "server"}, {"server", {{"id", 43}}}},
                                     {{"type", "label_selector"},
                                      {"label_selector", {{"selector", "env"}}},
                                      {"applied_to_resources", ours}}});
    return {
        {"ApplyFirewall",
         "/firewalls/{id}/actions/apply_to_resources",
         "/firewalls/38/actions/apply_to_resources",
         {{"apply_to", ours}},
         [](Client& c, Options o) { return apply_firewall(c, 38, 42, o); },
         "/firewalls/38",
         {applied_to(ours)},
         {applied_to(others), applied_to(nullptr)}},
        {"RemoveFirewall",
         "/firewalls/{id}/actions/remove_from_resources",
         "/firewalls/38/actions/remove_from_resources",
         {{"remove_from", ours}},
         [](Client& c, Options o) { return remove_firewall(c, 38, 42, o); },
         "/firewalls/38",
         {applied_to(others)},
         {applied_to(ours), applied_to(nullptr)}},
    };
}

std::vector<ChangeCase> load_balancer_cases() {
    const json ours = json::array({target("server", 42, true)});
    const json by_label = json::array({{{"type", "label_selector"},
                                        {"label_selector", {{"selector", "env"}}},
                                        {"targets", ours}}});
    return {
        {"AddTarget",
         "/load_balancers/{id}/actions/add_target",
         "/load_balancers/4711/actions/add_target",
         {{"type", "server"}, {"server", {{"id", 42}}}, {"use_private_ip", true}},
         [](Client& c, Options o) {
             return Actions{add_target(c, 4711, {42, true}, o)};
         },
         "/load_balancers/4711",
         {with_targets(ours)},
         {with_targets(by_label), with_targets(json::array({target("server", 42, false)})),
          with_targets(nullptr)}},
        {"RemoveTarget",
         "/load_balancers/{id}/actions/remove_target",
         "/load_balancers/4711/actions/remove_target",
         {{"type", "server"}, {"server", {{"id", 42}}}},
         [](Client& c, Options o) { return Actions{remove_target(c, 4711, 42, o)}; },
         "/load_balancers/4711",
         {with_targets(by_label), with_targets(json::array())},
         {with_targets(ours), with_targets(nullptr)}},
    };
}

std::vector<ChangeCase> volume_cases() {
    return {
        {"AttachVolume",
         "/volumes/{id}/actions/attach",
         "/volumes/554/actions/attach",
         {{"server", 42}, {"automount", false}},
         [](Client& c, Options o) { return Actions{attach_volume(c, 554, 42, o)}; },
         "/volumes/554",
         {volume(42)},
         {volume(nullptr), volume(43)}},
        {"DetachVolume",
         "/volumes/{id}/actions/detach",
         "/volumes/554/actions/detach",
         json::object(),
         [](Client& c, Options o) { return Actions{detach_volume(c, 554, o)}; },
         "/volumes/554",
         {volume(nullptr)},
         {volume(42)}},
        {"ResizeVolume",
         "/volumes/{id}/actions/resize",
         "/volumes/554/actions/resize",
         {{"size", 50}},
         [](Client& c, Options o) { return Actions{resize_volume(c, 554, 50, o)}; },
         "/volumes/554",
         {volume(42, 50), volume(42, 60)},
         {volume(42, 49)}},
    };
}

std::vector<ChangeCase> floating_ip_cases() {
    return {
        {"AssignFloatingIp",
         "/floating_ips/{id}/actions/assign",
         "/floating_ips/478/actions/assign",
         {{"server", 42}},
         [](Client& c, Options o) { return Actions{assign_floating_ip(c, 478, 42, o)}; },
         "/floating_ips/478",
         {floating_ip(42)},
         {floating_ip(43), floating_ip(nullptr)}},
        {"UnassignFloatingIp",
         "/floating_ips/{id}/actions/unassign",
         "/floating_ips/478/actions/unassign",
         json::object(),
         [](Client& c, Options o) { return Actions{unassign_floating_ip(c, 478, o)}; },
         "/floating_ips/478",
         {floating_ip(nullptr)},
         {floating_ip(42)}},
    };
}

}  // namespace

std::vector<ChangeCase> change_cases() {
    std::vector<ChangeCase> all;
    for (const auto& some : {network_cases(), dns_cases(), firewall_cases(), load_balancer_cases(),
                             volume_cases(), floating_ip_cases()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

}  // namespace hcloud::cloud

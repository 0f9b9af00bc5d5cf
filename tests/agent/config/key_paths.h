// The keys by hand: the one list besides the table.
#pragma once

#include <set>
#include <string>

namespace hcloud::agent::test {

/// "metadata.endpoint" and so on; those of lists of mappings as a whole.
inline const std::set<std::string>& key_paths() {
    static const std::set<std::string> paths{"metadata.endpoint",
                                             "metadata.interval",
                                             "metadata.guard",
                                             "metadata.guard_users",
                                             "api.endpoint",
                                             "api.token_file",
                                             "api.ca_file",
                                             "api.interval",
                                             "api.reserve",
                                             "identity.verify",
                                             "network.dhcp_grace",
                                             "network.floating_ips",
                                             "network.private_networks",
                                             "network.default_route",
                                             "network.pin_metadata_route",
                                             "register.labels",
                                             "register.firewalls",
                                             "register.networks",
                                             "register.load_balancers",
                                             "register.reverse_dns",
                                             "register.reverse_dns_floating_ips",
                                             "register.drain_timeout",
                                             "metrics.listen"};
    return paths;
}

}  // namespace hcloud::agent::test

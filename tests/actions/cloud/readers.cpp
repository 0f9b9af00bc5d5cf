#include "tests/actions/cloud/readers.h"

#include "actions/cloud/action.h"
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

template <typename Result>
Reader reader(const char* key, Result (*parse)(const json&)) {
    return {key, [parse](const json& answer) { parse(answer); },
            [parse](const json& a, const json& b) { return parse(a) == parse(b); }};
}

}  // namespace

const std::vector<Reader>& readers() {
    static const std::vector<Reader> all{
        reader("action", parse_action),
        reader("actions", parse_actions),
        reader("firewall", parse_firewall),
        reader("firewalls", parse_firewalls),
        reader("floating_ip", parse_floating_ip),
        reader("floating_ips", parse_floating_ips),
        reader("load_balancer", parse_load_balancer),
        reader("load_balancers", parse_load_balancers),
        reader("network", parse_network),
        reader("networks", parse_networks),
        reader("primary_ip", parse_primary_ip),
        reader("primary_ips", parse_primary_ips),
        reader("server", parse_server),
        reader("servers", parse_servers),
        reader("volume", parse_volume),
        reader("volumes", parse_volumes),
    };
    return all;
}

}  // namespace hcloud::cloud

#include "tests/simulator/resources/network_fields.h"

#include "tests/simulator/resources/network_rules.h"

namespace hcloud::sim {

Subnet read_subnet(InputFields& fields, const Network& network) {
    Subnet subnet;
    subnet.type = fields.choice("type", {"cloud", "server", "vswitch"}, std::nullopt);
    subnet.network_zone = fields.choice("network_zone", network_zones(), std::nullopt);
    // Means nothing for the other types; the reference's own sample sends it with "cloud".
    if (subnet.type == "vswitch") subnet.vswitch = fields.integer("vswitch_id");
    const auto asked = fields.text("ip_range");
    const auto range = asked ? asked : free_subnet_range(network);
    if (!range) {
        fields.refuse("ip_range", "No /24 is free.");
    } else if (const auto fault = fault_in_subnet_range(network, *range)) {
        fields.refuse("ip_range", *fault);
    }
    subnet.ip_range = range.value_or("");
    return subnet;
}

Route read_route(InputFields& fields, const Network& network, const Switches& switches) {
    const Route route{fields.required_text("destination"), fields.required_text("gateway")};
    const auto in_destination = fault_in_destination(network, route.destination);
    const bool outside = switches.get("route_gateway_outside") == "success";
    const auto in_gateway = fault_in_gateway(network, route.gateway, outside);
    if (in_destination && !route.destination.empty()) fields.refuse("destination", *in_destination);
    if (in_gateway && !route.gateway.empty()) fields.refuse("gateway", *in_gateway);
    return route;
}

}  // namespace hcloud::sim

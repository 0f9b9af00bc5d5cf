// The kinds of resources, for handlers that have to do with more than one.
#pragma once

#include "tests/simulator/resources/kind.h"

namespace hcloud::sim {

const Kind<Certificate>& certificates();
const Kind<Firewall>& firewalls();
const Kind<FloatingIp>& floating_ips();
const Kind<Image>& images();
const Kind<LoadBalancer>& load_balancers();
const Kind<Network>& networks();
const Kind<PlacementGroup>& placement_groups();
const Kind<PrimaryIp>& primary_ips();
const Kind<Server>& servers();
const Kind<Volume>& volumes();
const Kind<SshKey>& ssh_keys();

}  // namespace hcloud::sim

#include "agent/doctor/conflicts.h"

#include <fmt/format.h>

namespace hcloud::agent::doctor {

namespace {

struct Manners {
    const char* name;
    const char* id;
    const char* mend;
};

Manners manners_of(Manager manager) {
    switch (manager) {
        case Manager::netplan:
            return {"netplan", "conflict-netplan", "take the line out, then: netplan apply"};
        case Manager::networkd:
            return {"systemd-networkd", "conflict-networkd",
                    "take the line out, then: networkctl reload"};
        case Manager::network_manager:
            return {"NetworkManager", "conflict-networkmanager",
                    "take it out: nmcli connection modify NAME -ipv4.addresses ADDRESS"};
        case Manager::ifupdown:
            return {"ifupdown", "conflict-ifupdown", "take the line out"};
        case Manager::cloud_init:
            return {"cloud-init", "conflict-cloud-init",
                    "take the line out, and keep cloud-init from writing it again: echo 'network: "
                    "{config: disabled}' > /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg"};
        case Manager::keepalived:
            break;
    }
    return {"keepalived", "conflict-keepalived",
            "leave the address to one of the two: take it out of virtual_ipaddress, or out of the "
            "agent's hands (network.floating_ips: off, or a list without it)"};
}

Finding conflict(const Place& place, bool primary) {
    const auto manners = manners_of(place.manager);
    const auto what = fmt::format("{} configures {}: {}:{}", manners.name, place.ip.to_string(),
                                  place.file, place.line);
    if (primary) {
        return {manners.id, Severity::note, what,
                "the agent leaves it to that and only adds what is missing; should the address "
                "change in the cloud, the file will not",
                "nothing has to be done; DHCP, or the agent alone, would follow the cloud"};
    }
    return {manners.id, Severity::warning, what,
            "two managers, one address: the agent adopts it and will never take it away, also "
            "when it moves to another server; a reload of the other may drop ours",
            manners.mend};
}

}  // namespace

Findings judge(const ConflictFacts& facts) {
    Findings findings;
    for (const auto& place : facts.places) {
        findings.push_back(conflict(place, facts.primary.contains(place.ip)));
    }
    if (facts.hc_utils) {
        findings.push_back(
            {"hc-utils", Severity::note,
             "Hetzner's hc-utils is installed: it runs a DHCP client on each private NIC",
             "both get along: the agent waits for DHCP (network.dhcp_grace) and adds what it left "
             "undone; but one manager is easier to understand than two",
             "if nothing else needs it: systemctl disable --now hc-net-scan.service"});
    }
    if (findings.empty()) {
        findings.push_back(fine("conflicts", "no other manager names an address of ours"));
    }
    return findings;
}

}  // namespace hcloud::agent::doctor

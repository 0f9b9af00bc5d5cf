#include "agent/doctor/addresses.h"
#include "agent/planner/routes.h"

#include <fmt/format.h>

namespace hcloud::agent::doctor {

namespace {

Finding missing(const PrivateNetwork& network) {
    return {"nic-missing", Severity::error,
            fmt::format("no NIC with MAC {} for private network {}", network.mac, network.name),
            "the network is attached in the cloud, but nothing of it can be used here",
            "wait a moment if it was attached just now; else detach and attach it again, or "
            "reboot; ip link shows what is there"};
}

Finding down(const host::Link& link, const std::string& of) {
    return {"nic-down", Severity::error, fmt::format("{} ({}) is set down", link.name, of),
            "its addresses are silent, and its routes are gone until it is up; the agent does not "
            "raise what somebody has set down",
            fmt::format("ip link set {} up", link.name)};
}

Finding wide(const host::Link& link, const PrivateNetwork& network) {
    return {"nic-mtu", Severity::warning,
            fmt::format("{} (private network {}) has MTU {}", link.name, network.name, link.mtu),
            fmt::format("private networks carry {}: larger packets are lost without a word, and "
                        "connections hang once they carry data",
                        kPrivateMtu),
            fmt::format("ip link set {} mtu {}; look for who sets it: grep -ri mtu /etc/netplan "
                        "/etc/systemd/network /etc/network",
                        link.name, kPrivateMtu)};
}

Finding waiting(const host::Link& link, const PrivateNetwork& network) {
    return {"dhcp-grace", Severity::note,
            fmt::format("{} (private network {}) is left to DHCP for now", link.name, network.name),
            "what DHCP does not bring within network.dhcp_grace the agent configures itself",
            "ask again in some seconds"};
}

void judge_nic(const AddressFacts& facts, const PrivateNetwork& network, Findings& findings) {
    const auto* link = facts.observed.link_by_mac(network.mac);
    if (link == nullptr) {
        findings.push_back(missing(network));
    } else if (is_left_to_dhcp(facts, network)) {
        findings.push_back(waiting(*link, network));
    } else if (!link->up) {
        findings.push_back(down(*link, "private network " + network.name));
    } else if (link->mtu > kPrivateMtu) {
        findings.push_back(wide(*link, network));
    } else {
        findings.push_back(fine("nic", fmt::format("{} is up for private network {}, MTU {}",
                                                   link->name, network.name, link->mtu)));
    }
}

}  // namespace

bool is_left_to_dhcp(const AddressFacts& facts, const PrivateNetwork& network) {
    return facts.left_to_dhcp.contains(
        fmt::format("{} {}", purpose::kPrivate, network.ip.to_string()));
}

Findings judge_nics(const AddressFacts& facts) {
    Findings findings;
    if (facts.desired.private_mode == PrivateMode::off) return findings;
    for (const auto& network : facts.desired.private_networks.list) {
        judge_nic(facts, network, findings);
    }
    const auto* link = facts.observed.link(facts.public_link);
    if (link != nullptr && !link->up) findings.push_back(down(*link, "the public NIC"));
    return findings;
}

}  // namespace hcloud::agent::doctor

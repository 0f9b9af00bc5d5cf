#include "tests/agent/doctor/broken.h"

#include <utility>

#include <signal.h>

namespace hcloud::agent::doctor {

namespace {

auto unit(std::vector<std::pair<const char*, const char*>> properties) {
    return [properties](Patient& patient) {
        for (const auto& [key, value] : properties)
            patient.unit(key, value);
        return std::shared_ptr<void>();
    };
}

auto file(const char* path, const char* text) {
    return [path, text](Patient& patient) {
        patient.write(path, text);
        return std::shared_ptr<void>();
    };
}

auto stopped(bool unit_failed) {
    return [unit_failed](Patient& patient) {
        patient.server().stop_agent(SIGTERM);
        if (unit_failed) {
            patient.unit("ActiveState", "failed");
            patient.unit("Result", "exit-code");
        }
        lab::run("ip addr del 10.0.0.3/32 dev eth1");
        return std::shared_ptr<void>();
    };
}

std::vector<Broken> broken_unit() {
    return {
        {"AgentDoesNotRun", "agent-not-running", Severity::error, "1 addresses or routes",
         stopped(false)},
        {"UnitHasFailed", "unit-failed", Severity::error, "exit-code", stopped(true)},
        {"UnitIsDisabled", "unit-disabled", Severity::warning, "is disabled",
         unit({{"UnitFileState", "disabled"}})},
        {"NoUnit", "unit-missing", Severity::warning, "not-found",
         unit({{"LoadState", "not-found"}})},
        {"WeakSandbox", "unit-sandbox", Severity::warning, "ProtectSystem=no",
         unit({{"ProtectSystem", "no"},
               {"CapabilityBoundingSet", "cap_net_admin cap_sys_admin"},
               {"DropInPaths", "/etc/systemd/system/hcloud-agent.service.d/mine.conf"}})},
        {"NoNetAdmin", "unit-no-net-admin", Severity::error, "mine.conf",
         unit({{"AmbientCapabilities", ""},
               {"CapabilityBoundingSet", ""},
               {"DropInPaths", "/etc/systemd/system/hcloud-agent.service.d/mine.conf"}})},
        {"BadConfiguration", "config-bad", Severity::error, "did you mean 'private_networks'?",
         [](Patient& s) {
             s.server().directory().write("config.yaml", "network:\n  private_network: off\n");
             return std::shared_ptr<void>();
         }},
    };
}

std::vector<Broken> broken_managers() {
    const auto warning = Severity::warning;
    return {
        {"Netplan", "conflict-netplan", warning, "/etc/netplan/60-mine.yaml:5",
         file("etc/netplan/60-mine.yaml",
              "network:\n  ethernets:\n    eth1:\n      addresses:\n"
              "        - 10.0.0.3/32\n")},
        {"Networkd", "conflict-networkd", warning, "/etc/systemd/network/10-eth1.network:4",
         file("etc/systemd/network/10-eth1.network",
              "[Match]\nName=eth1\n[Network]\nAddress=10.0.0.3/32\n")},
        {"NetworkManager", "conflict-networkmanager", warning,
         "/etc/NetworkManager/system-connections/mine.nmconnection:2",
         file("etc/NetworkManager/system-connections/mine.nmconnection",
              "[ipv4]\naddress1=203.0.113.77/32\nmethod=manual\n")},
        {"Ifupdown", "conflict-ifupdown", warning, "/etc/network/interfaces.d/mine:2",
         file("etc/network/interfaces.d/mine",
              "iface eth0 inet dhcp\n  up ip addr add 203.0.113.77/32 dev eth0\n")},
        {"CloudInit", "conflict-cloud-init", warning, "/etc/cloud/cloud.cfg.d/mine.cfg:5",
         file("etc/cloud/cloud.cfg.d/mine.cfg",
              "network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: "
              "[\"2001:db8:77::1/64\"]\n")},
        {"RenderedByCloudInit", "conflict-cloud-init", warning, "/etc/netplan/50-cloud-init.yaml:4",
         file("etc/netplan/50-cloud-init.yaml",
              "network:\n  ethernets:\n    eth1:\n      addresses: [10.0.0.3/32]\n")},
        {"Keepalived", "conflict-keepalived", warning, "/etc/keepalived/keepalived.conf:4",
         file("etc/keepalived/keepalived.conf",
              "vrrp_instance VI_1 {\n  unicast_src_ip 10.0.0.2\n  virtual_ipaddress {\n"
              "    203.0.113.77/32 dev eth0\n  }\n}\n")},
    };
}

}  // namespace

std::vector<Broken> broken_service() {
    auto all = broken_unit();
    for (auto& one : broken_managers())
        all.push_back(std::move(one));
    return all;
}

}  // namespace hcloud::agent::doctor

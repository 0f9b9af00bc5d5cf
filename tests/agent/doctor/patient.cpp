#include "tests/agent/doctor/patient.h"

#include "actions/host/rtnetlink.h"
#include "agent/doctor/report.h"

#include <signal.h>

namespace hcloud::agent::doctor {

namespace {

namespace fs = std::filesystem;

// What a good system has, and what may be mistaken for a fault: the primary NIC's own set-up, and
// addresses of ours where they configure nothing.
const std::map<std::string, std::string> kFiles = {
    {"sys/class/dmi/id/sys_vendor", "Hetzner\n"},
    {"sys/class/dmi/id/product_serial", "42\n"},
    {"run/systemd/system/.keep", ""},
    {"etc/netplan/50-cloud-init.yaml",
     "network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n"
     "      addresses: [2001:db8:42::1/64]\n      nameservers: {addresses: [10.0.0.3]}\n"},
    {"etc/systemd/network/50-dns.network",
     "[Match]\nName=eth0\n[Network]\nDHCP=yes\nDNS=10.0.0.3\n# Address=10.0.0.3/32\n"},
    {"etc/network/interfaces",
     "auto lo\niface lo inet loopback\niface eth0 inet dhcp\n  gateway 10.0.0.3\n"},
    {"etc/NetworkManager/system-connections/eth0.nmconnection", "[ipv4]\ndns=10.0.0.3;\n"},
    {"etc/keepalived/keepalived.conf",
     "vrrp_instance VI_1 {\n  unicast_src_ip 10.0.0.2\n  unicast_peer {\n    10.0.0.3\n  }\n"
     "  virtual_ipaddress {\n    ! 10.0.0.3/32\n    198.51.100.99/32\n  }\n}\n"},
};

const std::map<std::string, std::string> kUnit = {
    {"LoadState", "loaded"},
    {"ActiveState", "active"},
    {"SubState", "running"},
    {"Result", "success"},
    {"UnitFileState", "enabled"},
    {"FragmentPath", "/usr/lib/systemd/system/hcloud-agent.service"},
    {"DropInPaths", ""},
    {"User", "hcloud-agent"},
    {"AmbientCapabilities", "cap_net_admin"},
    {"CapabilityBoundingSet", "cap_net_admin"},
    {"NoNewPrivileges", "yes"},
    {"ProtectSystem", "strict"},
    {"PrivateDevices", "yes"},
    {"ProtectKernelModules", "yes"},
    {"RestrictNamespaces", "yes"},
    {"MemoryDenyWriteExecute", "yes"},
};

}  // namespace

Patient::Patient() : unit_(kUnit) {
    for (const auto& [path, text] : kFiles)
        write(path, text);
    fs::create_symlink("/proc", real("proc"));
    write("etc/hcloud-agent/token", "sim-token\n");
    fs::permissions(real("etc/hcloud-agent/token"), fs::perms(0600));
    write("systemctl", "#!/bin/sh\nexec cat " + root() + "/unit\n");
    fs::permissions(real("systemctl"), fs::perms(0755));
    unit("LoadState", "loaded");
    server_.start_agent();
}

void Patient::write(const std::string& path, const std::string& text) const {
    server_.directory().write("root/" + path, text);
}

void Patient::remove(const std::string& path) const {
    fs::remove(real(path));
}

void Patient::unit(const std::string& key, const std::string& value) {
    unit_[key] = value;
    std::string text;
    for (const auto& [name, content] : unit_)
        text += name + "=" + content + "\n";
    write("unit", text);
}

void Patient::reconfigure(const nlohmann::json& patch) {
    server_.stop_agent(SIGTERM);
    server_.write_config(patch);
    server_.start_agent();
}

Findings Patient::examine() const {
    return examine_as([this] {
        auto config = load_config(server_.config_path());
        if (doctor_config) doctor_config(config);
        return config;
    });
}

Findings Patient::examine_as(const std::function<Config()>& config) const {
    Options options;
    options.config = config;
    options.runtime_dir = server_.runtime_dir();
    options.root = root();
    options.systemctl = real("systemctl");
    host::Rtnetlink network;
    return doctor::examine(options, network);
}

std::set<std::string> complaints(const Findings& findings) {
    std::set<std::string> ids;
    for (const auto& finding : findings) {
        if (finding.severity != Severity::ok) ids.insert(finding.id);
    }
    return ids;
}

std::string listing(const Findings& findings) {
    return to_text(findings, {});
}

}  // namespace hcloud::agent::doctor

// Servers and their places in private networks.
#pragma once

#include "tests/simulator/state/object_reader.h"

#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

struct PrivateNet {
    Id network = 0;
    std::string ip;
    std::vector<std::string> alias_ips;
    std::string mac_address;
    bool operator==(const PrivateNet&) const = default;
};

/// Its public addresses are primary IPs that are assigned to it, its volumes, floating IPs,
/// firewalls and load balancers name it: nothing is kept twice.
struct Server : Entity {
    std::string status = "running";
    std::string location;
    std::string datacenter;  // metadata's availability-zone; also the API's, until 2026
    std::string region;
    std::string server_type = "cpx11";
    std::optional<Id> image;
    std::optional<Id> iso;
    std::optional<Id> placement_group;
    std::optional<std::string> backup_window;
    bool rescue_enabled = false;
    bool rebuild_protection = false;
    bool ignores_acpi = false;  // whether its system does not listen to reboot and shutdown
    std::int64_t primary_disk_size = 40;
    std::string public_mac;
    std::string user_data;
    std::vector<std::string> public_keys;  // installed at its creation, as in authorized_keys
    std::vector<PrivateNet> private_net;   // in the order of attachment
    bool operator==(const Server&) const = default;
};

Server read_server(Id id, const nlohmann::json& value, const ObjectReader::Pointer& where);
nlohmann::json document_of(const Server& server);

/// "86:…" for a private interface, "96:…" for the public one.
std::string made_up_mac(const char* vendor, Id id);

}  // namespace hcloud::sim

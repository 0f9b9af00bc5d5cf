// POST /servers: what is ordered.
#pragma once

#include "tests/simulator/resources/images.h"
#include "tests/simulator/resources/server_types.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::sim {

/// As the body has it, checked field by field.
struct OrderFields {
    std::string name;
    Labels labels;
    std::string server_type;  // id or name, like the next three
    std::string image;
    std::optional<std::string> location;
    std::optional<std::string> datacenter;
    std::optional<Id> placement_group;
    std::vector<std::string> ssh_keys;  // ids or names
    std::vector<Id> volumes;
    std::vector<Id> networks;
    std::vector<Id> firewalls;
    std::string user_data;
    bool start_after_create = true;
    // By type, "ipv4" and "ipv6"; a type that is wanted has an entry: the id of a primary IP that
    // is there, or 0 for a new one.
    std::map<std::string, Id> public_ips;
};

/// Throws ApiError 422 invalid_input.
OrderFields read_order(const World& world, const Request& request);
/// Refuses what is no host name as of RFC 1123.
void check_host_name(InputFields& fields, const std::optional<std::string>& name);

/// An order that can be carried out: all that it names is there and free.
struct Order {
    OrderFields fields;
    Server server;  // with its places in networks, but for their MAC addresses
};

/// Throws ApiError.
Order check_order(const World& world, OrderFields fields);

}  // namespace hcloud::sim

// The API's resources, as far as the agent needs them. Free of Poco and JSON.
//
// std::nullopt where a list would stand means that the answer did not say: that is not "none".
// What may get new values one day (status, type, …) is text.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hcloud::cloud {

using Ids = std::vector<std::int64_t>;
using Labels = std::map<std::string, std::string>;
using Timestamp = std::chrono::system_clock::time_point;

/// A reverse DNS entry.
struct DnsPtr {
    std::string ip;
    std::string name;  // empty: the default of the provider's
    bool operator==(const DnsPtr&) const = default;
};

struct Server {
    struct PublicIp {
        std::optional<std::int64_t> primary_ip = {};  // its id; only in later answers
        std::string ip = {};                          // IPv6: the network, "2001:db8::/64"
        std::vector<DnsPtr> dns_ptr = {};             // IPv4: one at most
        bool operator==(const PublicIp&) const = default;
    };
    struct Firewall {
        std::int64_t id = 0;
        std::string status = {};  // "applied", "pending"
        bool operator==(const Firewall&) const = default;
    };
    struct PrivateNet {
        std::int64_t network = 0;
        std::string ip = {};
        std::optional<std::vector<std::string>> alias_ips = {};
        std::string mac_address = {};
        bool operator==(const PrivateNet&) const = default;
    };

    std::int64_t id = 0;
    std::string name = {};
    std::optional<Ids> floating_ips = {};
    std::string status = {};    // "running", "off", …
    std::string location = {};  // "fsn1"; empty if not said
    bool locked = false;        // an action of it is running
    std::optional<PublicIp> ipv4 = {};
    std::optional<PublicIp> ipv6 = {};
    std::optional<std::vector<Firewall>> firewalls = {};
    std::optional<std::vector<PrivateNet>> private_net = {};
    std::optional<Ids> volumes = {};
    std::optional<Ids> load_balancers = {};
    std::optional<Labels> labels = {};
    bool operator==(const Server&) const = default;
};

struct FloatingIp {
    std::int64_t id = 0;
    std::string name = {};
    std::string ip =
        {};  // as the API says: "131.232.99.1" or, for IPv6, the network "2001:db8::/64"
    std::optional<std::int64_t> server = {};  // the server it is assigned to
    std::string home_location = {};           // "fsn1"; empty if not said
    std::vector<DnsPtr> dns_ptr = {};
    bool blocked = false;
    bool operator==(const FloatingIp&) const = default;
};

struct PrimaryIp {
    std::int64_t id = 0;
    std::string name = {};
    std::string ip = {};             // like FloatingIp::ip
    std::string assignee_type = {};  // "server", "unassigned"
    std::optional<std::int64_t> assignee = {};
    std::string location = {};  // "fsn1"; empty if not said
    std::vector<DnsPtr> dns_ptr = {};
    bool auto_delete = false;  // with its assignee
    bool operator==(const PrimaryIp&) const = default;
};

struct Network {
    struct Subnet {
        std::string type = {};      // "cloud", "vswitch", …
        std::string ip_range = {};  // "10.0.1.0/24"
        std::string gateway = {};
        std::string network_zone = {};
        bool operator==(const Subnet&) const = default;
    };
    struct Route {
        std::string destination = {};
        std::string gateway = {};
        bool operator==(const Route&) const = default;
    };

    std::int64_t id = 0;
    std::string name = {};
    std::string ip_range = {};  // "10.0.0.0/16"
    std::optional<std::vector<Subnet>> subnets = {};
    std::optional<std::vector<Route>> routes = {};
    std::optional<Ids> servers = {};
    std::optional<Ids> load_balancers = {};
    bool operator==(const Network&) const = default;
};

struct Firewall {
    struct Target {
        std::string type = {};  // "server", "label_selector", …
        std::optional<std::int64_t> server = {};
        std::optional<std::string> label_selector = {};
        Ids members = {};  // the servers that the label selector matches
        bool operator==(const Target&) const = default;
    };

    std::int64_t id = 0;
    std::string name = {};
    std::optional<std::vector<Target>> applied_to = {};
    bool operator==(const Firewall&) const = default;
};

struct LoadBalancer {
    struct Health {
        int listen_port = 0;
        std::string status = {};  // "healthy", "unhealthy", "unknown"
        bool operator==(const Health&) const = default;
    };
    struct Target {
        std::string type = {};  // "server", "label_selector", "ip", …
        std::optional<std::int64_t> server = {};
        std::optional<std::string> label_selector = {};
        std::optional<std::string> ip = {};
        bool use_private_ip = false;
        std::vector<Health> health_status = {};
        std::vector<Target> members = {};  // the servers that the label selector matches
        bool operator==(const Target&) const = default;
    };
    struct PrivateNet {
        std::int64_t network = 0;
        std::string ip = {};
        bool operator==(const PrivateNet&) const = default;
    };
    struct Service {
        std::string protocol = {};  // "tcp", "http", "https", …
        int listen_port = 0;
        int destination_port = 0;
        bool operator==(const Service&) const = default;
    };

    std::int64_t id = 0;
    std::string name = {};
    std::string location = {};  // "fsn1"; empty if not said
    std::optional<std::vector<PrivateNet>> private_net = {};
    std::optional<std::vector<Service>> services = {};
    std::optional<std::vector<Target>> targets = {};
    bool operator==(const LoadBalancer&) const = default;
};

struct Volume {
    std::int64_t id = 0;
    std::string name = {};
    std::string status = {};                  // "creating", "available"
    std::optional<std::int64_t> server = {};  // the server it is attached to
    std::string location = {};                // "fsn1"; empty if not said
    std::int64_t size = 0;                    // GB
    std::string linux_device = {};            // "/dev/disk/by-id/scsi-0HC_Volume_4711"
    std::optional<std::string> format = {};   // "ext4", …, as it was made
    bool operator==(const Volume&) const = default;
};

/// A change that takes its time.
struct Action {
    struct Resource {
        std::int64_t id = 0;
        std::string type = {};  // "server", "floating_ip", …
        bool operator==(const Resource&) const = default;
    };
    struct Error {
        std::string code = {};
        std::string message = {};
        bool operator==(const Error&) const = default;
    };

    std::int64_t id = 0;       // 0: none was needed, or its answer was lost (changes.h)
    std::string command = {};  // "assign_floating_ip"
    std::string status = {};   // "running", "success", "error"; any other is still running
    int progress = 0;          // percent
    Timestamp started = {};
    std::optional<Timestamp> finished = {};
    std::vector<Resource> resources = {};
    /// Means something only if failed(): the reference shows one beside "success" too.
    std::optional<Error> error = {};

    bool succeeded() const { return status == "success"; }
    bool failed() const { return status == "error"; }
    bool running() const { return !succeeded() && !failed(); }
    bool operator==(const Action&) const = default;
};

/// From the ratelimit-* headers of the latest answer.
struct RateLimit {
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    bool operator==(const RateLimit&) const = default;
};

}  // namespace hcloud::cloud

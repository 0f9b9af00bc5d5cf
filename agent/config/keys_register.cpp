#include "agent/config/keys_register.h"

#include "agent/config/fields.h"

#include <iterator>
#include <map>
#include <utility>

namespace hcloud::agent::config {

namespace {

using Register = Config::Register;
using std::chrono::minutes;
using std::chrono::seconds;

using Holders = std::map<host::IpAddress, std::string_view>;

/// The addresses of all networks but the last, each with the network's name.
Holders holders(const std::vector<Register::Network>& networks) {
    Holders found;
    for (auto network = networks.begin(); network != std::prev(networks.end()); ++network) {
        if (network->ip) found.emplace(*network->ip, network->name);
        for (const auto& address : network->alias_ips)
            found.emplace(address, network->name);
    }
    return found;
}

std::optional<Clash> clash(std::string_view key, const host::IpAddress& address,
                           const Holders& held) {
    const auto holder = held.find(address);
    if (holder == held.end()) return std::nullopt;
    return Clash{key,
                 {"expected each address once, got '" + address.to_string() + "' again",
                  "remove it: network " + in_quotes(holder->second) + " has it already"}};
}

/// Networks of one server do not overlap, so an address is in one of them.
std::optional<Clash> check_addresses(const Config& config) {
    const auto& networks = config.registration.networks;
    const auto& last = networks.back();
    auto held = holders(networks);
    if (last.ip) {
        if (auto found = clash("ip", *last.ip, held)) return found;
        held.emplace(*last.ip, last.name);
    }
    for (const auto& address : last.alias_ips) {
        if (auto found = clash("alias_ips", address, held)) return found;
    }
    return std::nullopt;
}

RecordList networks() {
    using Network = Register::Network;
    constexpr auto kNetworks = &Register::networks;
    const Name name{in_last<&Config::registration, kNetworks, &Network::name>};
    const PrivateIp ip{in_last<&Config::registration, kNetworks, &Network::ip>};
    const PrivateIps aliases{in_last<&Config::registration, kNetworks, &Network::alias_ips>};
    return {"network",
            "[{name: backend, alias_ips: [10.0.0.100]}]",
            3,
            {{"name", "Its name or id.", name},
             {"ip", "The server's address in it. If it is not set, the next that is free.", ip},
             {"alias_ips",
              "Alias IPs that the server has there; it keeps those that others gave it.", aliases}},
            records_in<&Config::registration, kNetworks>(),
            check_addresses};
}

RecordList load_balancers() {
    using LoadBalancer = Register::LoadBalancer;
    constexpr auto kBalancers = &Register::load_balancers;
    constexpr std::size_t kMost = 50;  // there is no limit of the API's, but one of good sense
    const Name name{in_last<&Config::registration, kBalancers, &LoadBalancer::name>};
    const Boolean use_private_ip{
        in_last<&Config::registration, kBalancers, &LoadBalancer::use_private_ip>};
    const Duration drain{in_last<&Config::registration, kBalancers, &LoadBalancer::drain>,
                         seconds(0), minutes(10)};
    return {"load balancer",
            "[{name: web, use_private_ip: true}]",
            kMost,
            {{"name", "Its name or id.", name},
             {"use_private_ip",
              "Whether it reaches the server through a private network that both are in.",
              use_private_ip},
             {"drain",
              "How long a shutdown or reboot waits after leaving it, so that what is under way\n"
              "can end.",
              drain}},
            records_in<&Config::registration, kBalancers>(),
            nullptr};
}

std::vector<Key> project_keys() {
    const LabelMap labels{in<&Config::registration, &Register::labels>, "{role: web}"};
    const NameList firewalls{in<&Config::registration, &Register::firewalls>, "firewall",
                             "[web, 4711]", 5};
    return {{"labels",
             "Labels of this server: [PREFIX/]NAME: VALUE, name and value of up to 63 characters.\n"
             "Those that others gave it stay.",
             labels},
            {"firewalls", "Firewalls that apply to this server, by name or id.", firewalls},
            {"networks",
             "Private networks that this server is attached to. A name or id alone stands for\n"
             "a network with nothing more to say.",
             networks()},
            {"load_balancers",
             "Load balancers that this server is a target of, until it shuts down or reboots.\n"
             "A name or id alone stands for one with the defaults.",
             load_balancers()}};
}

std::vector<Key> dns_and_drain_keys() {
    const HostName reverse_dns{in<&Config::registration, &Register::reverse_dns>,
                               "web1.example.com"};
    const Boolean floating_ips{in<&Config::registration, &Register::reverse_dns_floating_ips>};
    const Duration drain_timeout{in<&Config::registration, &Register::drain_timeout>, seconds(1),
                                 minutes(10)};
    return {{"reverse_dns",
             "The name that reverse DNS gives for this server's primary IPs. If it is not set,\n"
             "reverse DNS is left alone.",
             reverse_dns},
            {"reverse_dns_floating_ips", "Whether this server's floating IPs get the same name.",
             floating_ips},
            {"drain_timeout",
             "How long a shutdown or reboot waits for the API at most, to leave the load\n"
             "balancers; then it goes on.",
             drain_timeout}};
}

}  // namespace

Section register_section() {
    auto keys = project_keys();
    for (auto& key : dns_and_drain_keys())
        keys.push_back(std::move(key));
    return {"register", "What this server is in its project. It needs an API token that may write.",
            std::move(keys)};
}

}  // namespace hcloud::agent::config

// The project of the registration tests: this server is 42, 43 and 44 are its neighbours.
#pragma once

#include "agent/config/config.h"

namespace hcloud::agent::test {

inline constexpr const char* kProject = R"(
tokens: {writer: read-write}
action_duration: 1s
networks:
  4711: {name: backend, ip_range: 10.0.0.0/16, subnets: [10.0.0.0/24]}
  4712: {name: storage, ip_range: 10.1.0.0/16, subnets: [10.1.0.0/24]}
servers:
  42: {name: web1, location: fsn1, public_ipv4: 203.0.113.10, public_ipv6: "2001:db8:42::/64",
       labels: {owner: alice}}
  43: {name: web2, location: fsn1, labels: {role: web},
       private_net: [{network: 4711, ip: 10.0.0.43, alias_ips: [10.0.0.143]}]}
  44: {name: web3, location: fsn1}
floating_ips:
  478: {name: web-vip, type: ipv4, ip: 203.0.113.77, server: 42, home_location: fsn1}
firewalls:
  38: {name: web, servers: [43]}
  39: {name: ssh}
load_balancers:
  12:
    name: web
    location: fsn1
    private_net: {network: 4711, ip: 10.0.0.12}
    services: [{protocol: tcp, listen_port: 80, destination_port: 8080}]
    targets: [{server: 43, use_private_ip: true}]
)";

/// One of each kind.
inline Config::Register everything() {
    Config::Register wanted;
    wanted.labels = {{"role", "web"}, {"example.com/tier", "1"}};
    wanted.firewalls = {"web", "39"};
    wanted.networks = {
        {"backend", host::IpAddress::parse("10.0.0.5"), {*host::IpAddress::parse("10.0.0.100")}}};
    wanted.load_balancers = {{"web", true, std::chrono::seconds(10)}};
    wanted.reverse_dns = "web1.example.com";
    wanted.reverse_dns_floating_ips = true;
    return wanted;
}

}  // namespace hcloud::agent::test

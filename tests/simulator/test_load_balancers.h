// What the tests of load balancers share.
#pragma once

#include "tests/simulator/test_project.h"

#include <gtest/gtest.h>

namespace hcloud::sim::test {

inline nlohmann::json server_target(int id, bool use_private_ip = false) {
    return {{"type", "server"}, {"server", {{"id", id}}}, {"use_private_ip", use_private_ip}};
}

/// A public one, 1, and one in a network, 2.
class LoadBalancers : public testing::Test {
  protected:
    nlohmann::json balancer(int id) {
        return project_.get("/load_balancers/" + std::to_string(id)).body.at("load_balancer");
    }
    Outcome act(int id, const std::string& command, const nlohmann::json& body = nullptr) {
        return project_.post("/load_balancers/" + std::to_string(id) + "/actions/" + command, body);
    }

    Project project_{R"(
networks:
  1: {ip_range: 10.0.0.0/16, subnets: [10.0.0.0/24, 10.0.1.0/24]}
  2: {ip_range: 10.9.0.0/16, subnets: [10.9.0.0/24]}
servers:
  42:
    public_ipv4: 203.0.113.1
    labels: {role: web}
    private_net: [{network: 1, ip: 10.0.0.2}]
  43: {labels: {role: web}, private_net: [{network: 1, ip: 10.0.0.5}]}
  44: {public_ipv4: 203.0.113.3, labels: {role: db}}
load_balancers:
  1:
    name: web
    services: [{protocol: http}]
    targets: [{server: 44}]
  2:
    name: inner
    private_net: {network: 1, ip: 10.0.0.3}
    services: [{listen_port: 80, destination_port: 8080}]
    targets: [{server: 42, use_private_ip: true}]
)"};
};

}  // namespace hcloud::sim::test

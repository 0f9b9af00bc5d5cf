// What the tests of forwarding share: a load balancer, its project, and its targets on loopback.
#pragma once

#include "tests/lab/command.h"
#include "tests/simulator/forward/forwarder.h"
#include "tests/simulator/forward/test_sockets.h"
#include "tests/simulator/test_project.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hcloud::sim::test {

inline const char* const kTwoTargets = R"(
servers:
  42: {name: web1, public_ipv4: 127.0.0.42}
  43: {name: web2, public_ipv4: 127.0.0.43}
load_balancers:
  1:
    services:
      - listen_port: 8000
        destination_port: 8080
        health_check: {interval: 1, timeout: 1, retries: 2}
    targets: [{server: 42}, {server: 43}]
)";

/// The load balancer listens on 127.0.0.1 port 8000.
class ForwardTest : public testing::Test {
  protected:
    static constexpr std::uint16_t kPort = 8000;

    void start(const ForwardOptions& options = {.listen = "127.0.0.1"}) {
        forwarder_ = std::make_unique<Forwarder>(project_.simulation(), options,
                                                 [this](const ListenReport& report) {
                                                     const std::lock_guard lock(mutex_);
                                                     reports_.push_back(report);
                                                 });
    }
    void start_targets() {
        web1_.emplace("web1", "127.0.0.42");
        web2_.emplace("web2", "127.0.0.43");
    }
    /// And waits until both targets are healthy.
    void start_all() {
        start_targets();
        start();
        ASSERT_TRUE(lab::wait_until([&] { return listens(kPort); }));
        ASSERT_TRUE(becomes(42, "healthy"));
        ASSERT_TRUE(becomes(43, "healthy"));
    }

    /// Who answers a new client; "" if it is turned away.
    static std::string answer(std::uint16_t port = kPort) {
        return TcpClient("127.0.0.1", port).read_line();
    }
    static std::map<std::string, int> answers(int count) {
        std::map<std::string, int> answers;
        for (int i = 0; i < count; ++i)
            ++answers[answer()];
        return answers;
    }
    static TcpClient client_of(const std::string& name) {
        for (;;) {
            TcpClient client("127.0.0.1", kPort);
            if (client.read_line() == name) return client;
        }
    }
    static bool listens(std::uint16_t port) {
        try {
            TcpClient("127.0.0.1", port);
            return true;
        } catch (const std::exception&) {
            return false;
        }
    }

    Outcome act(const std::string& command, const nlohmann::json& body) {
        return project_.complete("/load_balancers/1/actions/" + command, body);
    }
    /// As the API shows it; "" for a server that is no target.
    std::string health(Id server) {
        const Outcome outcome = project_.get("/load_balancers/1");
        for (const nlohmann::json& target : outcome.body["load_balancer"]["targets"]) {
            if (target["server"]["id"] == server) return target["health_status"][0]["status"];
        }
        return "";
    }
    bool becomes(Id server, const std::string& wanted) {
        return lab::wait_until([&] { return health(server) == wanted; });
    }
    nlohmann::json traffic() {
        return project_.simulation().with_world(
            [](World& world) { return world.forwarding()->describe(); });
    }
    /// What /_sim/forwarding says of the target at that address; null if it is forgotten.
    nlohmann::json traffic_of(const std::string& address) {
        const nlohmann::json services = traffic();
        for (const nlohmann::json& target : services.at(0).at("targets")) {
            if (target["address"] == address) return target;
        }
        return nullptr;
    }
    std::vector<ListenReport> reports() {
        const std::lock_guard lock(mutex_);
        return reports_;
    }

    Project project_{kTwoTargets};
    std::optional<Backend> web1_;
    std::optional<Backend> web2_;
    std::mutex mutex_;
    std::vector<ListenReport> reports_;
    std::unique_ptr<Forwarder> forwarder_;
};

}  // namespace hcloud::sim::test

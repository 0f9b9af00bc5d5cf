// A network is attached while the server runs: the NIC appears, and metadata tells of it sooner or
// later. The usual interval is an hour here, so what is seen is the agent's own haste after a NIC
// has appeared.
#include "tests/agent/server_fixture.h"

namespace hcloud::agent {
namespace {

using lab::run;
using lab::Server;
using lab::wait_until;
using nlohmann::json;

class Attach : public ServerTest {
  protected:
    static constexpr const char* kNewMac = "86:00:00:2a:7d:e9";

    void SetUp() override {
        server_.write_config({{"metadata", {{"interval", "1h"}}}});
        start();
    }
    static json third_network() {
        auto list = json::array();
        const auto add = [&](int network, const char* ip, json aliases, const char* mac) {
            list.push_back({{"network", network},
                            {"ip", ip},
                            {"alias_ips", std::move(aliases)},
                            {"mac_address", mac}});
        };
        add(4711, "10.0.0.2", {"10.0.0.3", "10.0.0.4"}, Server::kBackendMac);
        add(4712, "10.1.0.2", json::array({"10.1.0.3"}), Server::kStorageMac);
        add(4713, "10.2.0.2", json::array({"10.2.0.3"}), kNewMac);
        return {{"networks",
                 {{"4713",
                   {{"name", "late"}, {"ip_range", "10.2.0.0/16"}, {"subnets", {"10.2.0.0/24"}}}}}},
                {"servers", {{"42", {{"private_net", list}}}}}};
    }
    static bool configured() {
        return Server::addresses("ens99") == std::set<std::string>{"10.2.0.2/32", "10.2.0.3/32"};
    }
};

TEST_F(Attach, TheNicIsThereBeforeItsMetadata) {
    const auto asked = server_.request_count("/hetzner/v1/metadata");
    lab::add_veth("ens99", "wire99", kNewMac, false);
    ASSERT_TRUE(wait_until([&] { return server_.request_count("/hetzner/v1/metadata") > asked; }));
    server_.change_cloud(third_network());
    EXPECT_TRUE(wait_until(configured)) << server_.log();
    EXPECT_THAT(run("ip link show ens99"), testing::HasSubstr("mtu 1450"));
    EXPECT_TRUE(Server::complete()) << "the others";
}

TEST_F(Attach, TheMetadataIsThereBeforeTheNic) {
    server_.change_cloud(third_network());
    // A new NIC makes the agent ask; this one is nobody's.
    lab::add_veth("ens98", "wire98", "86:00:00:00:00:98");
    ASSERT_TRUE(wait_until([&] {
        return server_.status()["items"].dump().find("no NIC with MAC " + std::string(kNewMac)) !=
               std::string::npos;
    })) << server_.log();
    EXPECT_EQ(server_.status()["state"], "converged") << "a NIC that is not there yet is no error";
    lab::add_veth("ens99", "wire99", kNewMac, false);
    EXPECT_TRUE(wait_until(configured)) << server_.log();
}

}  // namespace
}  // namespace hcloud::agent

// The metadata service: who is who, what each document says, and the quirks that can be set.
#include "tests/simulator/state/state_file.h"
#include "tests/simulator/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace hcloud::sim {
namespace {

using namespace std::chrono_literals;

const std::string kBase = "/hetzner/v1/metadata";

class Metadata : public testing::Test {
  protected:
    Response get(const std::string& path, const std::string& source = "127.0.0.1") {
        Request request;
        request.method = "GET";
        request.path = path;
        request.source = source;
        return simulation_->answer(request);
    }
    Response leaf(const std::string& name) { return get(kBase + "/" + name); }

    void use(const State& state) {
        simulation_ = std::make_unique<Simulation>(state, clock_.clock());
    }

    void patch(const std::string& body) {
        Request request;
        request.method = "PATCH";
        request.path = "/_sim/state";
        request.body = body;
        ASSERT_EQ(simulation_->answer(request).status, 200);
    }

    test::HandClock clock_;
    std::unique_ptr<Simulation> simulation_ =
        std::make_unique<Simulation>(test::two_servers(), clock_.clock());
};

TEST_F(Metadata, TheRootHasTheDocumentedAndTheUndocumentedKeys) {
    const YAML::Node root = YAML::Load(get(kBase).body);
    EXPECT_EQ(root["availability-zone"].as<std::string>(), "fsn1-dc14");
    EXPECT_EQ(root["hostname"].as<std::string>(), "web1");
    EXPECT_EQ(root["instance-id"].as<int>(), 42);
    EXPECT_EQ(root["public-ipv4"].as<std::string>(), "203.0.113.10");
    EXPECT_EQ(root["region"].as<std::string>(), "eu-central");
    EXPECT_EQ(root["local-ipv4"].as<std::string>(), "");
    EXPECT_TRUE(root["public-keys"].IsSequence());
    EXPECT_TRUE(root["vendor_data"].IsScalar());
    EXPECT_TRUE(root["network-sysconfig"].IsScalar());
    EXPECT_FALSE(root["private-networks"]) << "has to be fetched apart";
}

TEST_F(Metadata, PublicKeysAreThoseTheServerWasCreatedWith) {
    patch(R"({"servers":{"42":{"public_keys":["ssh-ed25519 A me","ssh-rsa B"]}}})");
    EXPECT_EQ(leaf("public-keys").body, R"(["ssh-ed25519 A me","ssh-rsa B"])");
    EXPECT_EQ(YAML::Load(get(kBase).body)["public-keys"][1].as<std::string>(), "ssh-rsa B");
}

TEST_F(Metadata, NetworkConfigIsWhatCloudInitReads) {
    const YAML::Node config = YAML::Load(leaf("network-config").body);
    EXPECT_EQ(config["version"].as<int>(), 1);
    ASSERT_EQ(config["config"].size(), 1U);
    const YAML::Node interface = config["config"][0];
    EXPECT_EQ(interface["mac_address"].as<std::string>(), "96:00:00:00:00:2a");
    EXPECT_EQ(interface["type"].as<std::string>(), "physical");
    EXPECT_EQ(interface["subnets"][0]["type"].as<std::string>(), "dhcp");
    EXPECT_EQ(interface["subnets"][1]["address"].as<std::string>(), "2001:db8:42::1/64");
    EXPECT_EQ(interface["subnets"][1]["gateway"].as<std::string>(), "fe80::1");
}

TEST_F(Metadata, LeavesArePlainText) {
    EXPECT_EQ(leaf("hostname").body, "web1");
    EXPECT_EQ(leaf("instance-id").body, "42");
    EXPECT_EQ(leaf("public-ipv4").body, "203.0.113.10");
    EXPECT_EQ(leaf("availability-zone").body, "fsn1-dc14");
    EXPECT_EQ(leaf("region").body, "eu-central");
    EXPECT_EQ(leaf("public-keys").body, "[]");
    EXPECT_EQ(leaf("local-ipv4").body, "");
    EXPECT_EQ(leaf("local-ipv4").status, 200);
    EXPECT_THAT(leaf("network-sysconfig").body, testing::HasSubstr("DEVICE='eth0'"));
    EXPECT_EQ(leaf("nonsense").status, 404);
    EXPECT_THAT(leaf("nonsense").content_type, testing::StartsWith("text/plain"));
}

TEST_F(Metadata, PrivateNetworksReadAsInTheReference) {
    EXPECT_EQ(leaf("private-networks").body,
              "- ip: 10.0.0.2\n"
              "  alias_ips: [10.0.0.3]\n"
              "  interface_num: 1\n"
              "  mac_address: 86:00:00:2a:7d:e0\n"
              "  network_id: 4711\n"
              "  network_name: backend\n"
              "  network: 10.0.0.0/16\n"
              "  subnet: 10.0.0.0/29\n"
              "  gateway: 10.0.0.1\n");
}

TEST_F(Metadata, TheOrderOfPrivateNetworksIsNotThatOfTheInterfaces) {
    State state = test::two_servers();
    state.servers.at(42).private_net.insert(state.servers.at(42).private_net.begin(),
                                            PrivateNet{4712, "10.1.0.2", {}, "86:00:00:00:00:01"});
    use(state);
    const YAML::Node list = YAML::Load(leaf("private-networks").body);
    EXPECT_EQ(list[0]["interface_num"].as<int>(), 2);
    EXPECT_EQ(list[1]["interface_num"].as<int>(), 1);
    EXPECT_EQ(list[1]["subnet"].as<std::string>(), "") << "the network has none";
    EXPECT_TRUE(list[1]["alias_ips"].IsSequence());
}

TEST_F(Metadata, UserDataIs204WhenThereIsNone) {
    EXPECT_EQ(get("/hetzner/v1/userdata").status, 204);
    patch(R"({"servers":{"42":{"user_data":"#cloud-config\n"}}})");
    EXPECT_EQ(get("/hetzner/v1/userdata").status, 200);
    EXPECT_EQ(get("/hetzner/v1/userdata").body, "#cloud-config\n");
}

TEST_F(Metadata, WithoutPublicNetworkTheConfigIsEmpty) {
    patch(R"({"servers":{"42":{"public_ipv4":null,"public_ipv6":null}}})");
    const YAML::Node config = YAML::Load(leaf("network-config").body);
    EXPECT_TRUE(config["config"].IsSequence());
    EXPECT_EQ(config["config"].size(), 0U);
    EXPECT_FALSE(YAML::Load(get(kBase).body)["public-ipv4"]);
}

TEST_F(Metadata, ChangesShowAfterTheLag) {
    patch(R"({"metadata":{"lag":"5s"}})");
    patch(R"({"servers":{"42":{"name":"renamed"}}})");
    EXPECT_EQ(leaf("hostname").body, "web1");
    clock_.tick(4999ms);
    EXPECT_EQ(leaf("hostname").body, "web1");
    clock_.tick(1ms);
    EXPECT_EQ(leaf("hostname").body, "renamed");
}

struct WhenNone {
    const char* name;
    const char* key;
    const char* leaf;
    const char* value;
    int status;
    const char* body;
};

void PrintTo(const WhenNone& test, std::ostream* out) {
    *out << test.name;
}

class MetadataWhenNone : public Metadata, public testing::WithParamInterface<WhenNone> {};

TEST_P(MetadataWhenNone, AnswersAsSet) {
    const WhenNone& param = GetParam();
    State state = test::two_servers();
    state.servers.at(42).private_net.clear();
    state.primary_ips.erase(short_primary_ip_id(42, "ipv4"));
    use(state);
    patch(nlohmann::json{{"metadata", {{param.key, param.value}}}}.dump());
    EXPECT_EQ(leaf(param.leaf).status, param.status);
    EXPECT_EQ(leaf(param.leaf).body, param.body);
}

constexpr const char* kNets = "private_networks_when_none";
constexpr const char* kIpv4 = "public_ipv4_when_none";
INSTANTIATE_TEST_SUITE_P(
    Cases, MetadataWhenNone,
    testing::Values(WhenNone{"NetsList", kNets, "private-networks", "[]", 200, "[]\n"},
                    WhenNone{"NetsEmpty", kNets, "private-networks", "empty", 200, ""},
                    WhenNone{"Nets204", kNets, "private-networks", "204", 204, ""},
                    WhenNone{"Nets404", kNets, "private-networks", "404", 404, "not found\n"},
                    WhenNone{"Ipv4Empty", kIpv4, "public-ipv4", "empty", 200, ""},
                    WhenNone{"Ipv4204", kIpv4, "public-ipv4", "204", 204, ""},
                    WhenNone{"Ipv4404", kIpv4, "public-ipv4", "404", 404, "not found\n"}),
    [](const auto& test) { return test.param.name; });

struct Caller {
    const char* name;
    const char* source;
    const char* hostname;
};

void PrintTo(const Caller& test, std::ostream* out) {
    *out << test.name;
}

class MetadataCaller : public Metadata, public testing::WithParamInterface<Caller> {};

TEST_P(MetadataCaller, IsKnownByTheAddress) {
    State state = test::two_servers();
    state.floating_ips.at(479).server = 43;
    state.metadata.default_server = std::nullopt;
    use(state);
    const Response reply = get(kBase + "/hostname", GetParam().source);
    if (GetParam().hostname == nullptr) {
        EXPECT_EQ(reply.status, 404);
    } else {
        EXPECT_EQ(reply.body, GetParam().hostname);
    }
}

INSTANTIATE_TEST_SUITE_P(Cases, MetadataCaller,
                         testing::Values(Caller{"PublicIpv4", "203.0.113.10", "web1"},
                                         Caller{"PublicIpv6", "2001:db8:42::1234", "web1"},
                                         Caller{"PrivateIp", "10.0.0.4", "web2"},
                                         Caller{"AliasIp", "10.0.0.3", "web1"},
                                         Caller{"FloatingIpv4", "203.0.113.77", "web1"},
                                         Caller{"FloatingIpv6", "2001:db8:77::9", "web2"},
                                         Caller{"Stranger", "192.0.2.1", nullptr}),
                         [](const auto& test) { return test.param.name; });

TEST_F(Metadata, AStrangerIsTheDefaultServerOrTheOnlyOne) {
    EXPECT_EQ(leaf("hostname").body, "web1") << "the default";
    use(parse_state_text("servers: {7: {name: alone}}", ""));
    EXPECT_EQ(leaf("hostname").body, "alone");
    use(State());
    EXPECT_EQ(leaf("hostname").status, 404);
}

}  // namespace
}  // namespace hcloud::sim

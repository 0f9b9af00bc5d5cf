// private-networks: every quirk of the real list, and how an entry that makes no sense is kept
// apart from those that do: it must not be configured, and it must not look like a network that is
// gone.
#include "metadata/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::metadata {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kReal = R"(- ip: 10.0.0.2
  alias_ips: [10.0.0.3, 10.0.0.4]
  interface_num: 2
  mac_address: 86:00:00:2A:7D:E0
  network_id: 1234
  network_name: nw-test1
  network: 10.0.0.0/8
  subnet: 10.0.0.0/24
  gateway: 10.0.0.1
- ip: 192.168.0.2
  alias_ips: []
  interface_num: 1
  mac_address: 86:00:00:2a:7d:e1
  network_id: 4321
  network_name: nw-test2
  network: 192.168.0.0/16
  subnet: 192.168.0.0/24
  gateway: 192.168.0.1
  mtu: 1450
)";

PrivateNetwork first() {
    return {"10.0.0.2",
            {"10.0.0.3", "10.0.0.4"},
            "86:00:00:2a:7d:e0",
            "10.0.0.0/8",
            "10.0.0.0/24",
            "10.0.0.1",
            "nw-test1",
            1234,
            2};
}

TEST(ParsePrivateNetworks, ReadsARealList) {
    const PrivateNetwork second{"192.168.0.2",
                                {},
                                "86:00:00:2a:7d:e1",
                                "192.168.0.0/16",
                                "192.168.0.0/24",
                                "192.168.0.1",
                                "nw-test2",
                                4321,
                                1};
    EXPECT_EQ(parse_private_networks(kReal), (PrivateNetworks{{first(), second}, {}}));
}

TEST(ParsePrivateNetworks, AnEmptyListIsACompleteAnswer) {
    EXPECT_EQ(parse_private_networks("[]\n"), PrivateNetworks{});
}

/// One entry in flow style; `extra` overrides nothing, so leave out what it gives.
std::string entry(const std::string& extra, const std::string& without = "") {
    const std::vector<std::pair<std::string, std::string>> fields = {
        {"ip", "10.0.0.2"},
        {"mac_address", "'86:00:00:2a:7d:e0'"},
        {"network", "10.0.0.0/8"},
        {"gateway", "10.0.0.1"}};
    std::string text = "- {";
    for (const auto& [key, value] : fields) {
        if (key != without) text += key + ": " + value + ", ";
    }
    return text + extra + "}\n";
}

TEST(ParsePrivateNetworks, NeedsNoMoreThanAddressMacNetworkAndGateway) {
    const PrivateNetwork expected{
        "10.0.0.2", {}, "86:00:00:2a:7d:e0", "10.0.0.0/8", "", "10.0.0.1", "", 0, 0};
    EXPECT_EQ(parse_private_networks(entry("")), (PrivateNetworks{{expected}, {}}));
}

struct AliasCase {
    std::string name;
    std::string field;
    std::vector<std::string> expected;
};

class AliasIps : public testing::TestWithParam<AliasCase> {};

TEST_P(AliasIps, AreReadInEveryForm) {
    const auto result = parse_private_networks(entry(GetParam().field));
    EXPECT_THAT(result.broken, IsEmpty());
    ASSERT_EQ(result.entries.size(), 1U);
    EXPECT_EQ(result.entries[0].alias_ips, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, AliasIps,
    testing::Values(
        AliasCase{"Missing", "", {}}, AliasCase{"Null", "alias_ips: null", {}},
        AliasCase{"Blank", "alias_ips: ", {}}, AliasCase{"EmptyList", "alias_ips: []", {}},
        AliasCase{"One", "alias_ips: [10.0.0.9]", {"10.0.0.9"}},
        AliasCase{"OrderKept", "alias_ips: [10.0.0.9, 10.0.0.3]", {"10.0.0.9", "10.0.0.3"}},
        AliasCase{"RepeatsLeftOut", "alias_ips: [10.0.0.9, 10.0.0.2, 10.0.0.9]", {"10.0.0.9"}}),
    [](const auto& test) { return test.param.name; });

struct BrokenCase {
    std::string name;
    std::string entry;
    std::string text;
};

class BrokenEntry : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenEntry, IsNamedAndDoesNotTakeTheOthersAlong) {
    const auto result = parse_private_networks(kReal + GetParam().entry);
    EXPECT_EQ(result.entries.size(), 2U);
    EXPECT_THAT(result.broken, ElementsAre(GetParam().text));
}

std::string other(const std::string& key, const std::string& value) {
    const auto text = key + ": " + value;
    if (key == "mac_address") return entry(text, key);
    auto result = entry(text, key);
    return result.replace(result.find("7d:e0"), 5, "7d:ff");
}

constexpr const char* kWho = "entry 2 (mac 86:00:00:2a:7d:ff): ";

INSTANTIATE_TEST_SUITE_P(
    Reasons, BrokenEntry,
    testing::Values(
        BrokenCase{"NoIp", other("ip", ""), std::string(kWho) + "ip is missing"},
        BrokenCase{"WrongIp", other("ip", "10.0.0"),
                   std::string(kWho) + "ip: '10.0.0' is not an IPv4 address"},
        BrokenCase{"Ipv6", other("ip", "'fd00::2'"),
                   std::string(kWho) + "ip: 'fd00::2' is not an IPv4 address"},
        BrokenCase{"ListAsIp", other("ip", "[10.0.0.2]"),
                   std::string(kWho) + "ip: expected text, got a list"},
        BrokenCase{"NoGateway", other("gateway", "null"), std::string(kWho) + "gateway is missing"},
        BrokenCase{"WrongGateway", other("gateway", "10.0.0.256"),
                   std::string(kWho) + "gateway: '10.0.0.256' is not an IPv4 address"},
        BrokenCase{"NoNetwork", other("network", ""), std::string(kWho) + "network is missing"},
        BrokenCase{
            "NetworkWithoutLength", other("network", "10.0.0.0"),
            std::string(kWho) + "network: '10.0.0.0' is not an IPv4 network such as 10.0.0.0/8"},
        BrokenCase{
            "NetworkTooLong", other("network", "10.0.0.0/33"),
            std::string(kWho) + "network: '10.0.0.0/33' is not an IPv4 network such as 10.0.0.0/8"},
        BrokenCase{"WrongSubnet", other("subnet", "x"),
                   std::string(kWho) + "subnet: 'x' is not an IPv4 network such as 10.0.0.0/8"},
        BrokenCase{"AliasIsNoAddress", other("alias_ips", "[10.0.0.3, x]"),
                   std::string(kWho) + "alias_ips[1]: 'x' is not an IPv4 address"},
        BrokenCase{"AliasIsAMapping", other("alias_ips", "[{ip: 10.0.0.3}]"),
                   std::string(kWho) + "alias_ips[0]: a mapping is not an IPv4 address"},
        BrokenCase{"AliasIsNull", other("alias_ips", "[null]"),
                   std::string(kWho) + "alias_ips[0]: nothing is not an IPv4 address"},
        BrokenCase{"AliasesAreText", other("alias_ips", "10.0.0.3"),
                   std::string(kWho) + "alias_ips: expected a list, got text '10.0.0.3'"},
        BrokenCase{"WrongNetworkId", other("network_id", "x"),
                   std::string(kWho) + "network_id: 'x' is not a number"},
        BrokenCase{"NoMac", other("mac_address", "null"), "entry 2: mac_address is missing"},
        BrokenCase{"WrongMac", other("mac_address", "\"86:\\e\""),
                   "entry 2 (mac 86:\\x1b): mac_address: '86:\\x1b' is not a MAC address"},
        BrokenCase{"MacWithDashes", other("mac_address", "86-00-00-2a-7d-ff"),
                   "entry 2 (mac 86-00-00-2a-7d-ff): mac_address: '86-00-00-2a-7d-ff' is not a MAC "
                   "address"},
        BrokenCase{
            "SameMac", entry(""),
            "entry 2 (mac 86:00:00:2a:7d:e0): mac_address: an earlier entry has the same one"},
        BrokenCase{"Text", "- hello\n", "entry 2: expected a mapping, got text 'hello'"},
        BrokenCase{"Null", "-\n", "entry 2: expected a mapping, got nothing"}),
    [](const auto& test) { return test.param.name; });

TEST(ParsePrivateNetworks, ClearsHostBitsSoThatEqualNetworksCompareEqual) {
    const auto result =
        parse_private_networks(entry("network: 10.1.2.3/9, subnet: 10.1.2.3/31", "network"));
    ASSERT_EQ(result.entries.size(), 1U);
    EXPECT_EQ(result.entries[0].network, "10.0.0.0/9");
    EXPECT_EQ(result.entries[0].subnet, "10.1.2.2/31");
}

struct NoListCase {
    std::string name;
    std::string body;
    std::string message;
};

class NoList : public testing::TestWithParam<NoListCase> {};

TEST_P(NoList, IsRefusedAsAWhole) {
    try {
        parse_private_networks(GetParam().body);
        FAIL() << "was accepted";
    } catch (const ParseError& error) {
        EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
    }
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, NoList,
    testing::Values(NoListCase{"Mapping", "ip: 10.0.0.2", "expected a list, got a mapping"},
                    NoListCase{"Text", "not found", "expected a list, got text 'not found'"},
                    NoListCase{"Nothing", "", "expected a list, got nothing"},
                    NoListCase{"NotYaml", "- [", "not YAML: "},
                    NoListCase{"Alias", "- &a [x]\n- *a", "a YAML anchor is not accepted"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hcloud::metadata

// The root document: what a real one becomes, and what each departure from it leads to.
#include "metadata/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::metadata {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kRoot = R"(availability-zone: hel1-dc2
hostname: web-1
instance-id: 42424242
local-ipv4: ''
network-config:
  config:
  - mac_address: 96:00:00:2A:7D:E0
    name: eth0
    subnets:
    - dns_nameservers:
      - 185.12.64.1
      - 185.12.64.2
      ipv4: true
      type: dhcp
    - address: 2A01:4F8:0:0::1/64
      dns_nameservers:
      - 2a01:4ff:ff00::add:2
      gateway: fe80::1
      ipv6: true
    type: physical
  - address:
    - 185.12.64.2
    interface: eth0
    type: nameserver
  version: 1
network-sysconfig: "DEVICE='eth0'\n"
public-ipv4: 131.232.99.1
public-keys:
- ssh-ed25519 AAAA me@example.com
region: eu-central
vendor_data: |
  Content-Type: multipart/mixed; boundary="=="
  MIME-Version: 1.0
  ---
  #cloud-config
)";

TEST(ParseRoot, ReadsARealDocument) {
    const Root expected{42424242,   "web-1",      "131.232.99.1",
                        "hel1-dc2", "eu-central", {"96:00:00:2a:7d:e0", {"2a01:4f8::1/64"}}};
    EXPECT_EQ(parse_root(kRoot), expected);
}

TEST(ParseRoot, NeedsNoMoreThanIdAndHostname) {
    const Root expected{7, "a", std::nullopt, "", "", {}};
    EXPECT_EQ(parse_root("instance-id: '7'\nhostname: a\n"), expected);
}

TEST(ParseRoot, KeepsABareLocation) {
    const auto root = parse_root("{instance-id: 7, hostname: a, availability-zone: hel1}");
    EXPECT_EQ(root.availability_zone, "hel1");
}

struct PublicIpv4Case {
    std::string name;
    std::string line;
};

class NoPublicIpv4 : public testing::TestWithParam<PublicIpv4Case> {};

TEST_P(NoPublicIpv4, IsNotAnError) {
    const auto root = parse_root("instance-id: 7\nhostname: a\n" + GetParam().line);
    EXPECT_EQ(root.public_ipv4, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Forms, NoPublicIpv4,
                         testing::Values(PublicIpv4Case{"Missing", ""},
                                         PublicIpv4Case{"Empty", "public-ipv4: ''\n"},
                                         PublicIpv4Case{"Blank", "public-ipv4:\n"},
                                         PublicIpv4Case{"Null", "public-ipv4: null\n"}),
                         [](const auto& test) { return test.param.name; });

struct RefusedCase {
    std::string name;
    std::string body;
    std::string message;
};

class RefusedRoot : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedRoot, SaysWhatCame) {
    try {
        parse_root(GetParam().body);
        FAIL() << "was accepted";
    } catch (const ParseError& error) {
        EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
    }
}

std::string nested(int depth) {
    return "instance-id: 7\nhostname: a\nx: " + std::string(depth, '[') + std::string(depth, ']');
}

std::string many_nodes() {
    std::string body = "instance-id: 7\nhostname: a\nx:\n";
    for (int i = 0; i < 10000; ++i)
        body += "- 1\n";
    return body;
}

INSTANTIATE_TEST_SUITE_P(
    Documents, RefusedRoot,
    testing::Values(
        RefusedCase{"Empty", "", "expected a mapping, got nothing"},
        RefusedCase{"OnlyAComment", "# nothing\n", "expected a mapping, got nothing"},
        RefusedCase{"AList", "[1, 2]", "expected a mapping, got a list"},
        RefusedCase{"Html", "<html>", "expected a mapping, got text '<html>'"},
        RefusedCase{"NotYaml", "a: [1,\nb: }", "not YAML: line 2, column "},
        RefusedCase{"NoId", "hostname: a", "instance-id is missing"},
        RefusedCase{"NullId", "instance-id:\nhostname: a", "instance-id is missing"},
        RefusedCase{"ZeroId", "instance-id: 0\nhostname: a", "expected a positive number, got 0"},
        RefusedCase{"NegativeId", "instance-id: -4\nhostname: a", "'-4' is not a number"},
        RefusedCase{"WordAsId", "instance-id: i-123\nhostname: a", "'i-123' is not a number"},
        RefusedCase{"FractionAsId", "instance-id: 4.5\nhostname: a", "'4.5' is not a number"},
        RefusedCase{"HugeId", "instance-id: 9223372036854775808\nhostname: a", "is not a number"},
        RefusedCase{"ListAsId", "instance-id: [1]\nhostname: a", "expected text, got a list"},
        RefusedCase{"NoHostname", "instance-id: 7", "hostname is missing"},
        RefusedCase{"EmptyHostname", "instance-id: 7\nhostname: ''",
                    "hostname: '' is not a host name"},
        RefusedCase{"HostnameOfTwoLines", "instance-id: 7\nhostname: \"a\\nb\"",
                    "hostname: 'a\\x0ab' is not a host name"},
        RefusedCase{"GarbageAsPublicIpv4", "instance-id: 7\nhostname: a\npublic-ipv4: n/a",
                    "public-ipv4: 'n/a' is not an IPv4 address"},
        RefusedCase{"NulInPublicIpv4", "instance-id: 7\nhostname: a\npublic-ipv4: \"1.2.3.4\\0x\"",
                    "public-ipv4: '1.2.3.4\\x00x' is not an IPv4 address"},
        RefusedCase{"Alias", "instance-id: &i 7\nhostname: *i",
                    "line 1: a YAML anchor is not accepted"},
        RefusedCase{"AliasBomb",
                    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ninstance-id: 7\nhostname: a",
                    "a YAML anchor is not accepted"},
        RefusedCase{"TooDeep", nested(32), "line 3: nesting deeper than 32 is not accepted"},
        RefusedCase{"VeryDeep", nested(200000), "nesting deeper than 32 is not accepted"},
        RefusedCase{"TooMany", many_nodes(), "more than 10000 nodes"},
        RefusedCase{"CutOffInQuotes", "instance-id: 7\nhostname: \"we", "not YAML: line 3"},
        RefusedCase{"CutOffByAControlCharacter", "instance-id: 7\nhostname: a\x04\nb",
                    "a control character"},
        RefusedCase{"TwoDocuments", "instance-id: 7\nhostname: a\n---\nhostname: b",
                    "a second YAML document"}),
    [](const auto& test) { return test.param.name; });

TEST(ParseRoot, AcceptsNestingUpToTheLimit) {
    EXPECT_EQ(parse_root(nested(31)).instance_id, 7);
}

TEST(ParseRoot, EscapesWhatCameInErrors) {
    try {
        parse_root("instance-id: \"\\e[31m\xff\"\nhostname: a");
        FAIL() << "was accepted";
    } catch (const ParseError& error) {
        EXPECT_STREQ(error.what(), "instance-id: '\\x1b[31m\\xff' is not a number");
    }
}

struct NetworkConfigCase {
    std::string name;
    std::string yaml;
    NetworkConfig expected;
};

class NetworkConfigOf : public testing::TestWithParam<NetworkConfigCase> {};

TEST_P(NetworkConfigOf, NeverSpoilsTheRest) {
    const auto root = parse_root("instance-id: 7\nhostname: a\n" + GetParam().yaml);
    EXPECT_EQ(root.network_config, GetParam().expected);
    EXPECT_EQ(root.instance_id, 7);
}

const NetworkConfig kMacOnly{"96:00:00:2a:7d:e0", {}};

INSTANTIATE_TEST_SUITE_P(
    Shapes, NetworkConfigOf,
    testing::Values(
        NetworkConfigCase{"Missing", "", {}},
        NetworkConfigCase{"NoPublicNetwork", "network-config: {config: [], version: 1}", {}},
        NetworkConfigCase{"Text", "network-config: later", {}},
        NetworkConfigCase{"ConfigIsAMapping", "network-config: {config: {a: 1}}", {}},
        NetworkConfigCase{"EntriesAreText", "network-config: {config: [a, b]}", {}},
        NetworkConfigCase{"OnlyNameservers",
                          "network-config: {config: [{type: nameserver, address: [185.12.64.1]}]}",
                          {}},
        NetworkConfigCase{"NameserverFirst",
                          "network-config: {config: [{type: nameserver, address: [185.12.64.1]}, "
                          "{mac_address: '96:00:00:2a:7d:e0'}]}",
                          kMacOnly},
        NetworkConfigCase{"WrongMac", "network-config: {config: [{mac_address: eth0}]}", {}},
        NetworkConfigCase{
            "SubnetsAreText",
            "network-config: {config: [{mac_address: '96:00:00:2a:7d:e0', subnets: x}]}", kMacOnly},
        NetworkConfigCase{
            "WrongAddress",
            "network-config: {config: [{mac_address: '96:00:00:2a:7d:e0', "
            "subnets: [{address: x}, {address: [1]}, {address: '2001:db8::1/129'}, y]}]}",
            kMacOnly},
        NetworkConfigCase{
            "SeveralSubnets",
            "network-config: {config: [{mac_address: '96:00:00:2a:7d:e0', subnets: "
            "[{type: dhcp}, {address: '2001:DB8::1/64', type: static}, "
            "{address: 192.0.2.7/24}, {address: '2001:db8:0::2'}]}]}",
            {"96:00:00:2a:7d:e0", {"2001:db8::1/64", "192.0.2.7/24", "2001:db8::2/128"}}}),
    [](const auto& test) { return test.param.name; });

TEST(Trim, TakesOffWhatALeafMayEndIn) {
    EXPECT_EQ(trim(" web-1 \r\n"), "web-1");
    EXPECT_THAT(trim(" \n"), IsEmpty());
}

}  // namespace
}  // namespace hcloud::metadata

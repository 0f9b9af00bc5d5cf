// The state file: what it may say, what comes out of it, and what the user is told about mistakes.
#include "tests/simulator/state_file.h"
#include "tests/simulator/state_json.h"
#include "tests/simulator/test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

using nlohmann::json;

State parse(const std::string& text) {
    return parse_state_text(text, "f.yaml");
}

TEST(StateFile, AnEmptyOneIsAnEmptyProject) {
    EXPECT_EQ(parse(""), State());
    EXPECT_EQ(parse("# nothing\n"), State());
}

TEST(StateFile, FillsInWhatIsMissing) {
    const State state = parse("servers: {42: {location: hel1}}");
    const Server& server = state.servers.at(42);
    EXPECT_EQ(server.name, "server-42");
    EXPECT_EQ(server.datacenter, "hel1-dc2");
    EXPECT_EQ(server.region, "eu-central");
    EXPECT_EQ(server.public_mac, "96:00:00:00:00:2a");
    EXPECT_EQ(server.public_ipv4, std::nullopt);
    EXPECT_EQ(state.rate_limit, (RateLimit{3600, 3600}));
    EXPECT_EQ(state.tokens, std::nullopt);
}

TEST(StateFile, GivesEachAttachmentItsOwnMac) {
    const State state = parse(R"(
networks: {1: {ip_range: 10.0.0.0/16}, 2: {ip_range: 10.1.0.0/16}}
servers:
  42: {private_net: [{network: 1, ip: 10.0.0.2}, {network: 2, ip: 10.1.0.2}]}
  43: {private_net: [{network: 1, ip: 10.0.0.3}]}
)");
    const auto& first = state.servers.at(42).private_net;
    EXPECT_NE(first[0].mac_address, first[1].mac_address);
    EXPECT_NE(first[0].mac_address, state.servers.at(43).private_net[0].mac_address);
    EXPECT_THAT(first[0].mac_address, testing::StartsWith("86:00:"));
}

TEST(StateFile, TakesNumbersAndListsForTheQuirks) {
    const State state =
        parse("metadata: {lag: 2s, private_networks_when_none: [], public_ipv4_when_none: 204}");
    EXPECT_EQ(state.metadata.private_networks_when_none, "[]");
    EXPECT_EQ(state.metadata.public_ipv4_when_none, "204");
    EXPECT_EQ(state.metadata.lag, std::chrono::seconds(2));
}

TEST(StateFile, AnUnquotedMacStaysText) {
    EXPECT_EQ(parse("servers: {1: {public_mac: 96:00:00:12:34:56}}").servers.at(1).public_mac,
              "96:00:00:12:34:56");
}

TEST(StateFile, TheExampleOfTheHelpIsLegal) {
    const State state = parse_state_text(kExampleState, "example");
    EXPECT_EQ(state.servers.size(), 2U);
    EXPECT_EQ(state.floating_ips.at(478).server, 42);
    EXPECT_EQ(state.metadata.default_server, 42);
}

TEST(StateJson, IsReadBackAsItWasWritten) {
    for (const State& state : {State(), test::two_servers(), parse_state_text(kExampleState, "")}) {
        EXPECT_EQ(parse_state(to_json(state)), state) << to_json(state).dump(2);
    }
}

TEST(StateFile, OneThatIsMissingSaysWhy) {
    try {
        load_state_file("/nonexistent/state.yaml");
        FAIL() << "no error";
    } catch (const StateFileError& error) {
        EXPECT_STREQ(error.what(), "/nonexistent/state.yaml: No such file or directory");
    }
    EXPECT_THROW(load_state_file("/"), StateFileError);
}

struct Bad {
    const char* name;
    const char* text;
    const char* message;
};

void PrintTo(const Bad& test, std::ostream* out) {
    *out << test.name;
}

class BadStateFile : public testing::TestWithParam<Bad> {};

TEST_P(BadStateFile, NamesFileLineKeyAndReason) {
    try {
        parse(GetParam().text);
        FAIL() << "no error";
    } catch (const StateFileError& error) {
        EXPECT_THAT(error.what(), testing::StartsWith(GetParam().message));
    }
}

// Each text begins on line 1.
INSTANTIATE_TEST_SUITE_P(
    Cases, BadStateFile,
    testing::Values(
        Bad{"UnknownTopKey", "\nserver: {}",
            "f.yaml:2: server: unknown key; known here: action_duration, "},
        Bad{"UnknownServerKey", "servers:\n  42:\n    locaton: fsn1",
            "f.yaml:3: servers.42.locaton: unknown key; known here: datacenter, "},
        Bad{"UnknownFloatingKey", "floating_ips: {1: {ip: 203.0.113.7, sever: 42}}",
            "f.yaml:1: floating_ips.1.sever: unknown key"},
        Bad{"UnknownMetadataKey", "metadata:\n  delay: 1s",
            "f.yaml:2: metadata.delay: unknown key"},
        Bad{"UnknownRateKey", "rate_limit: {remain: 1}",
            "f.yaml:1: rate_limit.remain: unknown key"},
        Bad{"UnknownNetworkKey", "networks: {1: {ip_range: 10.0.0.0/8, x: 1}}",
            "f.yaml:1: networks.1.x: unknown key"},
        Bad{"DoubleKey", "servers:\n  42: {}\n  42: {}", "f.yaml:3: servers.42: is there twice"},
        Bad{"NoYaml", "servers:\n  42: {name: [}", "f.yaml:2: "},
        Bad{"NotAMapping", "[1, 2]", "f.yaml:1: must be a mapping"},
        Bad{"EndlessAlias", "servers: &a {1: *a}", "f.yaml:1: servers.1.1"},
        Bad{"IdIsNoNumber", "servers:\n  web: {}", "f.yaml:2: servers.web: is no id"},
        Bad{"NameIsNumber", "servers: {42: {name: 7}}",
            "f.yaml:1: servers.42.name: must be text, not 7: quote it"},
        Bad{"LabelIsNumber", "servers: {42: {labels: {a: 7}}}",
            "f.yaml:1: servers.42.labels.a: must be text, not 7: quote it"},
        Bad{"NoLocation", "servers: {42: {location: mars1}}",
            "f.yaml:1: servers.42.location: 'mars1' is no location; known: fsn1, nbg1, hel1, "},
        Bad{"BadIpv4", "servers: {42: {public_ipv4: 203.0.113.999}}",
            "f.yaml:1: servers.42.public_ipv4: '203.0.113.999' is no IPv4 address"},
        Bad{"BadIpv6", "servers: {42: {public_ipv6: '2001:db8::1/64'}}",
            "f.yaml:1: servers.42.public_ipv6: '2001:db8::1/64' is no IPv6 /64 network"},
        Bad{"BadMac", "servers: {42: {public_mac: '96:00'}}",
            "f.yaml:1: servers.42.public_mac: '96:00' is no MAC address"},
        Bad{"BadRange", "networks: {1: {ip_range: 10.0.0.1/16}}",
            "f.yaml:1: networks.1.ip_range: '10.0.0.1/16' is no IPv4 network"},
        Bad{"NoRange", "networks: {1: {name: x}}",
            "f.yaml:1: networks.1: key 'ip_range' is missing"},
        Bad{"SubnetOutside", "networks: {1: {ip_range: 10.0.0.0/16, subnets: [10.1.0.0/24]}}",
            "f.yaml:1: networks.1.subnets: '10.1.0.0/24' is no network inside 10.0.0.0/16"},
        Bad{"NoSuchNetwork",
            "servers:\n  42:\n    private_net:\n      - {network: 9, ip: 10.0.0.2}",
            "f.yaml:4: servers.42.private_net.0.network: there is no network 9"},
        Bad{"IpOutside",
            "networks: {1: {ip_range: 10.0.0.0/16}}\n"
            "servers: {42: {private_net: [{network: 1, ip: 10.1.0.2}]}}",
            "f.yaml:2: servers.42.private_net.0.ip: '10.1.0.2' is no address of 10.0.0.0/16"},
        Bad{"AttachedTwice",
            "networks: {1: {ip_range: 10.0.0.0/16}}\n"
            "servers: {42: {private_net: [{network: 1, ip: 10.0.0.2}, {network: 1, ip: "
            "10.0.0.3}]}}",
            "f.yaml:2: servers.42.private_net.1.network: is attached twice"},
        Bad{"AddressTwice",
            "networks: {1: {ip_range: 10.0.0.0/16}}\n"
            "servers:\n"
            "  42: {private_net: [{network: 1, ip: 10.0.0.2}]}\n"
            "  43: {private_net: [{network: 1, ip: 10.0.0.3, alias_ips: [10.0.0.2]}]}",
            "f.yaml:4: servers.43.private_net.0: address 10.0.0.2 is used twice in network 1"},
        Bad{"NoSuchServer", "floating_ips: {1: {ip: 203.0.113.7, server: 42}}",
            "f.yaml:1: floating_ips.1.server: there is no server 42"},
        Bad{"TypeDoesNotFit", "floating_ips: {1: {ip: 203.0.113.7, type: ipv6}}",
            "f.yaml:1: floating_ips.1.type: 'ipv6' does not fit 203.0.113.7"},
        Bad{"NoFloatingAddress", "floating_ips: {1: {ip: banana}}",
            "f.yaml:1: floating_ips.1.ip: 'banana' is neither"},
        Bad{"NoSuchDefault", "metadata: {default_server: 1}",
            "f.yaml:1: metadata.default_server: there is no server 1"},
        Bad{"BadQuirk", "metadata: {public_ipv4_when_none: 500}",
            "f.yaml:1: metadata.public_ipv4_when_none: must be one of 404, empty, 204, not 500"},
        Bad{"BadDuration", "action_duration: 5",
            "f.yaml:1: action_duration: must be a time such as"},
        Bad{"BadAccess", "tokens: {t: admin}",
            "f.yaml:1: tokens.t: must be one of read-write, read-only"},
        Bad{"TooManyLeft", "rate_limit: {limit: 5, remaining: 6}",
            "f.yaml:1: rate_limit.remaining: must be between 0 and the limit of 5"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hcloud::sim

// The state file: what it may say, what comes out of it, and what the user is told about mistakes.
#include "tests/simulator/state/state_file.h"
#include "tests/simulator/state/state_json.h"
#include "tests/simulator/test_project.h"

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
    EXPECT_EQ(public_ip_of(state, 42, "ipv4"), std::nullopt);
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

TEST(StateFile, MayHaveTwoOfOneNameWhichTheApiRefuses) {
    test::Project project(parse(R"(
networks: {1: {name: twice, ip_range: 10.0.0.0/16}, 2: {name: twice, ip_range: 10.1.0.0/16}}
firewalls: {1: {name: twice}, 2: {name: twice}}
load_balancers: {1: {name: twice}, 2: {name: twice}, 3: {name: once}}
servers: {1: {name: twice}, 2: {name: twice}}
)"));
    for (const std::string kind : {"networks", "firewalls", "load_balancers", "servers"})
        EXPECT_EQ(project.get("/" + kind + "?name=twice").body[kind].size(), 2U) << kind;
    EXPECT_EQ(project.call("PUT", "/load_balancers/3", {{"name", "twice"}}).code(),
              "uniqueness_error");
}

State images_and_groups() {
    return parse(R"(
out_of_stock: {cpx11: [fsn1, hel1]}
placement_groups: {897: {name: apart, labels: {a: b}, created: "2026-02-01T00:00:00Z"}}
images:
  4711: {image_size_mb: 2300, created_from: {id: 42, name: web1}, os_version: "12", labels: {a: b}}
  4712: {type: backup, bound_to: 42, status: unavailable, architecture: arm, delete_protection: true}
servers:
  42: {placement_group: 897, image: 4711, iso: 8637, server_type: ccx13, public_keys: [ssh-ed25519 A]}
)");
}

TEST(StateFile, ADiskIsAsLargeAsTheServersType) {
    EXPECT_EQ(images_and_groups().servers.at(42).primary_disk_size, 80);
}

TEST(StateJson, IsReadBackAsItWasWritten) {
    for (const State& state :
         {State(), test::two_servers(), parse_state_text(kExampleState, ""), images_and_groups()}) {
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
            "f.yaml:3: servers.42.locaton: unknown key; known here: backup_window, "},
        Bad{"UnknownFloatingKey", "floating_ips: {1: {ip: 203.0.113.7, sever: 42}}",
            "f.yaml:1: floating_ips.1.sever: unknown key"},
        Bad{"UnknownMetadataKey", "metadata:\n  delay: 1s",
            "f.yaml:2: metadata.delay: unknown key"},
        Bad{"UnknownRateKey", "rate_limit: {remain: 1}",
            "f.yaml:1: rate_limit.remain: unknown key"},
        Bad{"UnknownNetworkKey", "networks: {1: {ip_range: 10.0.0.0/8, x: 1}}",
            "f.yaml:1: networks.1.x: unknown key"},
        Bad{"UnknownSwitch", "switches: {assign_to_holders: success}",
            "f.yaml:1: switches.assign_to_holders: unknown key"},
        Bad{"BadSwitch", "switches: {assign_to_holder: maybe}",
            "f.yaml:1: switches.assign_to_holder: must be one of floating_ip_assigned, success"},
        Bad{"UnknownCommand", "failing_actions:\n  poweroff: {count: 1}",
            "f.yaml:2: failing_actions.poweroff: is no action's command; known: add_route, "},
        Bad{"UnknownCommandThatLasts", "action_durations: {assign_floatingip: 1s}",
            "f.yaml:1: action_durations.assign_floatingip: is no action's command"},
        Bad{"UnknownLimit", "limits: {server: 1}",
            "f.yaml:1: limits.server: is no kind of resource; known: certificates, "},
        Bad{"BadProfile", "profile: 2024-01", "f.yaml:1: profile: must be one of 2025-06, 2026-11"},
        Bad{"BadCreated", "servers: {42: {created: yesterday}}",
            "f.yaml:1: servers.42.created: must be like 2026-01-30T23:55:00Z"},
        Bad{"TwoPrimaryIps",
            "servers: {42: {public_ipv4: 203.0.113.1}}\n"
            "primary_ips: {7: {ip: 203.0.113.2, assignee: 42}}",
            "f.yaml:2: primary_ips.10000084.assignee: server 42 has another ipv4 already"},
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
        Bad{"VolumeOfNoServer", "volumes: {1: {server: 42}}",
            "f.yaml:1: volumes.1.server: there is no server 42"},
        Bad{"VolumeElsewhere",
            "servers: {42: {location: hel1}}\n"
            "volumes: {1: {server: 42}}",
            "f.yaml:2: volumes.1.server: server 42 is not in fsn1"},
        Bad{"VolumeTooSmall", "volumes: {1: {size: 9}}",
            "f.yaml:1: volumes.1.size: must be between 10 and 10240"},
        Bad{"VolumeFormat", "volumes: {1: {format: ntfs}}",
            "f.yaml:1: volumes.1.format: must be one of ext4, xfs"},
        Bad{"UnknownVolumeKey", "volumes: {1: {sise: 10}}",
            "f.yaml:1: volumes.1.sise: unknown key"},
        Bad{"NoCertificate", "certificates: {1: {certificate: x}}",
            "f.yaml:1: certificates.1.certificate: is no chain of certificates in PEM"},
        Bad{"CertificateForNothing", "certificates: {1: {type: managed}}",
            "f.yaml:1: certificates.1.domain_names: is needed"},
        Bad{"CertificateOfNothing",
            "certificates: {1: {type: managed, domain_names: [a.example], issuance: completed}}",
            "f.yaml:1: certificates.1.issuance: is completed if and only if there is a"},
        Bad{"UnknownCertificateKey", "certificates: {1: {type: managed, domain_names: [a], x: 1}}",
            "f.yaml:1: certificates.1.x: unknown key"},
        Bad{"NoSshKey", "ssh_keys: {1: {public_key: ssh-rsa AAAA}}",
            "f.yaml:1: ssh_keys.1.public_key: 'ssh-rsa AAAA' is no SSH public key"},
        Bad{"SshKeyTwice",
            "ssh_keys:\n"
            "  1: {public_key: ssh-ed25519 "
            "AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOYHX+J}\n"
            "  2: {public_key: ssh-ed25519 "
            "AAAAC3NzaC1lZDI1NTE5AAAAIGthvBlmxlucqWpIJqpkzvMTQM2ry8Up5R0LrVOYHX+J b}",
            "f.yaml:3: ssh_keys.2.public_key: is there twice"},
        Bad{"FirewallOfNoServer", "firewalls: {1: {servers: [42]}}",
            "f.yaml:1: firewalls.1.servers.0: there is no server 42"},
        Bad{"FirewallSelector", "firewalls: {1: {selectors: [a in]}}",
            "f.yaml:1: firewalls.1.selectors: 'a in' is no label selector"},
        Bad{"FirewallRulePort",
            "firewalls:\n  1:\n    rules:\n"
            "      - {protocol: tcp, source_ips: [0.0.0.0/0]}",
            "f.yaml:4: firewalls.1.rules.0.port: Is needed for tcp."},
        Bad{"FirewallRuleKey", "firewalls: {1: {rules: [{ports: 80}]}}",
            "f.yaml:1: firewalls.1.rules.0.ports: unknown key"},
        Bad{"BalancerOfNoServer", "load_balancers: {1: {targets: [{server: 42}]}}",
            "f.yaml:1: load_balancers.1.targets.0.server: there is no server 42"},
        Bad{"BalancerOfNoNetwork", "load_balancers: {1: {private_net: {network: 1, ip: 10.0.0.2}}}",
            "f.yaml:1: load_balancers.1.private_net.network: there is no network 1"},
        Bad{"BalancerAddressTwice",
            "networks: {1: {ip_range: 10.0.0.0/16}}\n"
            "servers: {42: {private_net: [{network: 1, ip: 10.0.0.2}]}}\n"
            "load_balancers: {1: {private_net: {network: 1, ip: 10.0.0.2}}}",
            "f.yaml:3: load_balancers.1.private_net: address 10.0.0.2 is used twice in network 1"},
        Bad{"BalancerWithoutCertificate",
            "load_balancers: {1: {services: [{protocol: https, http: {certificates: [7]}}]}}",
            "f.yaml:1: load_balancers.1.services.0.http.certificates: there is no certificate 7"},
        Bad{"BalancerType", "load_balancers: {1: {load_balancer_type: lb99}}",
            "f.yaml:1: load_balancers.1.load_balancer_type: 'lb99' is no load balancer type"},
        Bad{"BalancerTarget", "load_balancers: {1: {targets: [{server: 1, ip: 192.0.2.1}]}}",
            "f.yaml:1: load_balancers.1.targets.0: must have one of server, label_selector and ip"},
        Bad{"BalancerService", "load_balancers: {1: {services: [{listen_port: 80}]}}",
            "f.yaml:1: load_balancers.1.services.0.destination_port: Must be between 1 and 65535"},
        Bad{"BalancerHealth", "load_balancers: {1: {health: {42: sick}}}",
            "f.yaml:1: load_balancers.1.health.42: must be healthy, unhealthy or unknown"},
        Bad{"NoSuchDefault", "metadata: {default_server: 1}",
            "f.yaml:1: metadata.default_server: there is no server 1"},
        Bad{"NoSuchServerType", "servers: {42: {server_type: cx1}}",
            "f.yaml:1: servers.42.server_type: 'cx1' is no server type; known: cx11, cpx11, "},
        Bad{"NoSuchIso", "servers: {42: {iso: 1}}", "f.yaml:1: servers.42.iso: there is no ISO 1"},
        Bad{"NoSuchImage", "servers: {42: {image: 1}}",
            "f.yaml:1: servers.42.image: there is no image 1"},
        Bad{"NoSuchGroup", "servers: {42: {placement_group: 1}}",
            "f.yaml:1: servers.42.placement_group: there is no placement group 1"},
        Bad{"CrowdedGroup",
            "placement_groups: {7: {}}\n"
            "servers: {1: &s {placement_group: 7}, 2: *s, 3: *s, 4: *s, 5: *s, 6: *s, 7: *s,\n"
            "  8: *s, 9: *s, 10: *s, 11: *s}",
            "f.yaml:2: servers.1.placement_group: placement group 7 has more than 10 servers"},
        Bad{"ProtectedGroup", "placement_groups: {7: {delete_protection: true}}",
            "f.yaml:1: placement_groups.7.delete_protection: placement groups have no protection"},
        Bad{"UnknownGroupKey", "placement_groups: {7: {kind: spread}}",
            "f.yaml:1: placement_groups.7.kind: unknown key"},
        Bad{"UnknownImageKey", "images: {7: {size: 1}}", "f.yaml:1: images.7.size: unknown key"},
        Bad{"NamedImage", "images: {7: {name: x}}",
            "f.yaml:1: images.7.name: snapshots and backups have none"},
        Bad{"ImageOfNothing", "images: {7: {created_from: {name: x}}}",
            "f.yaml:1: images.7.created_from.id: is missing"},
        Bad{"BoundSnapshot", "servers: {42: {}}\nimages: {7: {bound_to: 42}}",
            "f.yaml:2: images.7.bound_to: only a backup is bound to a server"},
        Bad{"BoundToNothing", "images: {7: {type: backup, bound_to: 42}}",
            "f.yaml:1: images.7.bound_to: there is no server 42"},
        Bad{"OutOfNothing", "out_of_stock: {cx1: [fsn1]}",
            "f.yaml:1: out_of_stock.cx1: is no server type; known: cx11, cpx11, "},
        Bad{"OutNowhere", "out_of_stock: {cpx11: [mars1]}",
            "f.yaml:1: out_of_stock.cpx11: 'mars1' is no location; known: fsn1, "},
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

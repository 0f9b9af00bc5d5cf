// What is said of a bad section `register`.
#include "tests/agent/config/case_name.h"
#include "tests/agent/config/problems.h"

#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

BadInput bad(const std::string& name, const std::string& yaml, const std::string& problems) {
    return {name, "register: {" + yaml + "}", problems};
}

class BadRegister : public testing::TestWithParam<BadInput> {};

TEST_P(BadRegister, isExplained) {
    EXPECT_EQ(problems_of(GetParam().yaml), GetParam().problems);
}

const std::string kSegment =
    "; write letters, digits, '-', '_' and '.', with a letter or digit at both ends";

const std::vector<BadInput> kLabels{
    bad("bad_key_and_value", "labels: {a b: x, role: -x}",
        "c.yaml:1:21: register.labels.a b: expected a label key, got 'a b'" + kSegment +
            "\nc.yaml:1:35: register.labels.role: expected a label value, got '-x'" + kSegment),
    bad("reserved", "labels: {hetzner.cloud/x: y}",
        "c.yaml:1:21: register.labels.hetzner.cloud/x: expected a label key of your own, got one "
        "in 'hetzner.cloud/'; Hetzner keeps that prefix for itself: write another one, or none"),
    bad("twice", "labels: {a: 1, a: 2}",
        "c.yaml:1:27: register.labels.a: expected each key once, got a duplicate; keep one of "
        "this and line 1"),
    bad("no_value", "labels: {a: , b: null}",
        "c.yaml:1:21: register.labels.a: expected a label value, got nothing; write a single "
        "value, or '' for an empty one\n"
        "c.yaml:1:26: register.labels.b: expected a label value, got nothing; write a single "
        "value, or '' for an empty one"),
    bad("list_as_value", "labels: {a: [x]}",
        "c.yaml:1:24: register.labels.a: expected a label value, got a list; write a single "
        "value, or '' for an empty one"),
    bad("tagged_value", "labels: {a: !x y}",
        "c.yaml:1:24: register.labels.a: expected no YAML tag, got '!x'; remove the tag"),
    bad("list_as_key", "labels: {[a]: x}",
        "c.yaml:1:21: register.labels: expected a name as key, got a list; write a label's key, "
        "such as role"),
    bad("word", "labels: web",
        "c.yaml:1:20: register.labels: expected labels such as {role: web}, got 'web'; write "
        "keys, each with a colon and a value"),
    bad("list", "labels: [web]",
        "c.yaml:1:20: register.labels: expected labels such as {role: web}, got a list; write "
        "keys, each with a colon and a value"),
    bad("nothing", "labels: ~",
        "c.yaml:1:12: register.labels: expected labels such as {role: web}, got nothing; write a "
        "value, or remove the key"),
};

const std::vector<BadInput> kFirewalls{
    bad("twice", "firewalls: [web, 38, web]",
        "c.yaml:1:33: register.firewalls[2]: expected each firewall once, got 'web' again; remove "
        "it: it is register.firewalls[0] already"),
    bad("six", "firewalls: [a, b, c, d, e, f, g]",
        "c.yaml:1:39: register.firewalls[5]: expected at most 5 firewalls, got 7; remove some"),
    bad("empty", "firewalls: ['']",
        "c.yaml:1:24: register.firewalls[0]: expected a name or an id, got ''; write it without "
        "control characters, and without blanks at its ends"),
    bad("blank", "firewalls: ['web ']",
        "c.yaml:1:24: register.firewalls[0]: expected a name or an id, got 'web '; write it "
        "without control characters, and without blanks at its ends"),
    bad("control_character", "firewalls: [\"a\\nb\"]",
        "c.yaml:1:24: register.firewalls[0]: expected a name or an id, got 'a\\x0ab'; write it "
        "without control characters, and without blanks at its ends"),
    bad("zero", "firewalls: [0]",
        "c.yaml:1:24: register.firewalls[0]: expected a name or an id, got the number '0'; an id "
        "has no zeros in front and at most 19 digits"),
    bad("zeros_in_front", "firewalls: [038]",
        "c.yaml:1:24: register.firewalls[0]: expected a name or an id, got the number '038'; an "
        "id has no zeros in front and at most 19 digits"),
    bad("beyond_every_integer", "firewalls: [99999999999999999999]",
        "c.yaml:1:24: register.firewalls[0]: expected a name or an id, got the number "
        "'99999999999999999999'; an id has no zeros in front and at most 19 digits"),
    bad("mapping_in_the_list", "firewalls: [{name: web}]",
        "c.yaml:1:24: register.firewalls[0]: expected a name or an id, got a mapping; write the "
        "name or id alone"),
    bad("word", "firewalls: web",
        "c.yaml:1:23: register.firewalls: expected a list of firewalls such as [web, 4711], got "
        "'web'; write a list, even of one: [web]"),
    bad("mapping", "firewalls: {name: web}",
        "c.yaml:1:23: register.firewalls: expected a list of firewalls such as [web, 4711], got a "
        "mapping; write a list"),
};

const std::vector<BadInput> kNetworks{
    {"near_key",
     "register:\n  networks:\n    - backend\n    - name: x\n      alias_ip: [10.0.0.2]\n",
     "c.yaml:5:7: register.networks[1].alias_ip: unknown key; did you mean 'alias_ips'?"},
    bad("far_key", "networks: [{name: x, colour: red}]",
        "c.yaml:1:33: register.networks[0].colour: unknown key; known here: name, ip, alias_ips"),
    bad("key_of_the_section", "networks: [{name: x, labels: {a: b}}]",
        "c.yaml:1:33: register.networks[0].labels: unknown key; it belongs below register"),
    bad("key_twice", "networks: [{name: x, name: y}]",
        "c.yaml:1:33: register.networks[0].name: expected each key once, got a duplicate; keep one "
        "of this and line 1"),
    bad("no_name", "networks: [{ip: 10.0.0.2}]",
        "c.yaml:1:23: register.networks[0]: expected the key 'name', got none; add the network's "
        "name or id"),
    bad("name_without_value", "networks: [{name: }]",
        "c.yaml:1:24: register.networks[0].name: expected a name or an id, got nothing; write a "
        "value, or remove the key"),
    bad("bad_name_alone", "networks: [0]",
        "c.yaml:1:23: register.networks[0]: expected a name or an id, got the number '0'; an id "
        "has no zeros in front and at most 19 digits"),
    bad("list_as_record", "networks: [[a]]",
        "c.yaml:1:23: register.networks[0]: expected a network, got a list; write its name or id, "
        "or keys with values"),
    bad("nothing_as_record", "networks: [~]",
        "c.yaml:1:23: register.networks[0]: expected a network, got nothing; write its name or "
        "id, or keys with values"),
    bad("tagged_record", "networks: [!x a]",
        "c.yaml:1:23: register.networks[0]: expected no YAML tag, got '!x'; remove the tag"),
    bad("twice", "networks: [a, {name: a, ip: 10.0.0.2}]",
        "c.yaml:1:26: register.networks[1]: expected each network once, got 'a' again; remove it: "
        "it is register.networks[0] already"),
    bad("four", "networks: [a, b, c, d, e]",
        "c.yaml:1:32: register.networks[3]: expected at most 3 networks, got 5; remove some"),
    bad("word", "networks: backend",
        "c.yaml:1:22: register.networks: expected a list of networks such as [{name: backend, "
        "alias_ips: [10.0.0.100]}], got 'backend'; write a list, even of one: [backend]"),
    bad("mapping", "networks: {name: backend}",
        "c.yaml:1:22: register.networks: expected a list of networks such as [{name: backend, "
        "alias_ips: [10.0.0.100]}], got a mapping; write a list"),
};

BadInput bad_ip(const std::string& name, const std::string& text) {
    return bad(name, "networks: [{name: x, ip: '" + text + "'}]",
               "c.yaml:1:37: register.networks[0].ip: expected a private IPv4 address such as "
               "10.0.0.100, got '" +
                   text + "'; write one of the network's addresses, without a length");
}

const std::vector<BadInput> kNetworkAddresses{
    bad_ip("ipv6", "2001:db8::1"),
    bad_ip("public_address", "203.0.113.5"),
    bad_ip("beside_10", "11.0.0.1"),
    bad_ip("beside_172_16", "172.32.0.1"),
    bad_ip("beside_192_168", "192.169.0.1"),
    bad_ip("with_a_length", "10.0.0.2/32"),
    bad_ip("word", "first"),
    bad("list_as_ip", "networks: [{name: x, ip: [10.0.0.2]}]",
        "c.yaml:1:37: register.networks[0].ip: expected a private IPv4 address such as 10.0.0.2, "
        "got a list; write a single value"),
    bad("bad_alias", "networks: [{name: x, alias_ips: [10.0.0.2, fe80::1]}]",
        "c.yaml:1:55: register.networks[0].alias_ips[1]: expected a private IPv4 address such as "
        "10.0.0.100, got 'fe80::1'; write one of the network's addresses, without a length"),
    bad("alias_alone", "networks: [{name: x, alias_ips: 10.0.0.2}]",
        "c.yaml:1:44: register.networks[0].alias_ips: expected a list of private IPv4 addresses "
        "such as [10.0.0.100], got '10.0.0.2'; write a list, even of one: [10.0.0.2]"),
    bad("mapping_as_alias", "networks: [{name: x, alias_ips: [{ip: 10.0.0.2}]}]",
        "c.yaml:1:45: register.networks[0].alias_ips[0]: expected a private IPv4 address, got a "
        "mapping; write an address such as 10.0.0.100"),
    bad("alias_twice", "networks: [{name: x, alias_ips: [10.0.0.2, 10.0.0.2]}]",
        "c.yaml:1:55: register.networks[0].alias_ips[1]: expected each address once, got "
        "'10.0.0.2' again; remove it: it is register.networks[0].alias_ips[0] already"),
    bad("alias_that_is_the_ip",
        "networks: [{alias_ips: [10.0.0.3, 10.0.0.2], ip: 10.0.0.2, name: x}]",
        "c.yaml:1:35: register.networks[0].alias_ips: expected each address once, got '10.0.0.2' "
        "again; remove it: network 'x' has it already"),
    bad("ip_of_another_network",
        "networks: [{name: x, alias_ips: [10.0.0.2]}, {name: y, ip: "
        "10.0.0.2}]",
        "c.yaml:1:71: register.networks[1].ip: expected each address once, got '10.0.0.2' again; "
        "remove it: network 'x' has it already"),
    bad("alias_of_another_network",
        "networks: [{name: x, ip: 10.0.0.2}, {name: y, alias_ips: "
        "[10.0.0.2]}]",
        "c.yaml:1:69: register.networks[1].alias_ips: expected each address once, got '10.0.0.2' "
        "again; remove it: network 'x' has it already"),
};

BadInput bad_host(const std::string& name, const std::string& text, const std::string& hint) {
    return bad(name, "reverse_dns: '" + text + "'",
               "c.yaml:1:25: register.reverse_dns: expected a host name such as web1.example.com, "
               "got '" +
                   text + "'; " + hint);
}

const std::string kLetters =
    "write letters, digits and '-' between dots, at most 63 in a row and 253 in all";

const std::vector<BadInput> kOtherKeys{
    bad_host("no_host", "", kLetters),
    bad_host("host_without_domain", "web1", "write it in full, with its domain"),
    bad_host("host_with_dot_at_the_end", "web1.example.com.", "remove the dot at its end"),
    bad_host("host_with_underscore", "web_1.example.com", kLetters),
    bad_host("host_with_hyphen_first", "-web.example.com", kLetters),
    bad_host("host_with_empty_part", "web..example.com", kLetters),
    bad_host("ipv4_as_host", "10.0.0.2", "write the name, not an address"),
    bad_host("ipv6_as_host", "2001:db8::1", kLetters),
    bad("long_host", "reverse_dns: " + std::string(64, 'a') + ".com",
        "c.yaml:1:25: register.reverse_dns: expected a host name such as web1.example.com, got '" +
            std::string(60, 'a') + "...'; " + kLetters),
    bad("drain_of_no_load_balancer", "load_balancers: [{name: a, drain: 11m}]",
        "c.yaml:1:46: register.load_balancers[0].drain: expected a duration from 0s to 10m, got "
        "'11m'; use 10m or less"),
    bad("load_balancer_twice", "load_balancers: [7, {name: 7}]",
        "c.yaml:1:32: register.load_balancers[1]: expected each load balancer once, got '7' "
        "again; remove it: it is register.load_balancers[0] already"),
    bad("near_key_of_a_load_balancer", "load_balancers: [{name: a, use_private_ips: true}]",
        "c.yaml:1:39: register.load_balancers[0].use_private_ips: unknown key; did you mean "
        "'use_private_ip'?"),
    bad("drain_timeout_below", "drain_timeout: 999ms",
        "c.yaml:1:27: register.drain_timeout: expected a duration from 1s to 10m, got '999ms'; "
        "use 1s or more"),
    bad("volumes_come_later", "volumes: [data]",
        "c.yaml:1:12: register.volumes: unknown key; known here: labels, firewalls, networks, "
        "load_balancers, reverse_dns, reverse_dns_floating_ips, drain_timeout"),
    bad("section_in_a_record", "networks: [{name: x, metadata: {}}]",
        "c.yaml:1:33: register.networks[0].metadata: unknown key; it belongs at the top level: "
        "check the indentation"),
};

INSTANTIATE_TEST_SUITE_P(labels, BadRegister, testing::ValuesIn(kLabels), kName);
INSTANTIATE_TEST_SUITE_P(firewalls, BadRegister, testing::ValuesIn(kFirewalls), kName);
INSTANTIATE_TEST_SUITE_P(networks, BadRegister, testing::ValuesIn(kNetworks), kName);
INSTANTIATE_TEST_SUITE_P(addresses, BadRegister, testing::ValuesIn(kNetworkAddresses), kName);
INSTANTIATE_TEST_SUITE_P(others, BadRegister, testing::ValuesIn(kOtherKeys), kName);

}  // namespace
}  // namespace hcloud::agent::test

// What is said of texts that are no valid configuration as a whole: YAML itself, and keys.
#include "tests/agent/config/case_name.h"
#include "tests/agent/config/problems.h"

#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

class BadText : public testing::TestWithParam<BadInput> {};

TEST_P(BadText, isExplained) {
    EXPECT_EQ(problems_of(GetParam().yaml), GetParam().problems);
}

const std::vector<BadInput> kYaml{
    {"unclosed_double_quote", "api:\n  token_file: \"/etc/tok",
     "c.yaml:3:1: YAML: expected a closing quote before this line; close the quotes above"},
    {"unclosed_single_quote", "api: {token_file: '/etc/tok}\n",
     "c.yaml:3:1: YAML: expected a closing quote before this line; close the quotes above"},
    {"tab", "api:\n\tinterval: 1s\n",
     "c.yaml:2:10: YAML: expected spaces, got a tab; indent with spaces"},
    {"unclosed_list", "network:\n  floating_ips: [203.0.113.5\n",
     "c.yaml:4:1: YAML: expected a , or ]; close the [ above"},
    {"unclosed_map", "network: {floating_ips: off\n",
     "c.yaml:3:1: YAML: expected a , or }; close the { above"},
    {"second_colon", "api:\n  endpoint: https: x\n",
     "c.yaml:2:18: YAML: expected no colon here; check the indentation, and put quotes around a "
     "text with a colon"},
    {"wrong_indentation", "api:\n    interval: 1s\n  ca_file: /x\n",
     "c.yaml:3:3: YAML: expected a key and a colon; check the indentation of this line and of the "
     "one above"},
    {"unknown_alias", "api: {interval: *nowhere}\n",
     "c.yaml:1:17: YAML: expected the name of an anchor after *, got one that is not defined "
     "above; put quotes "
     "around a text that begins with *"},
    {"reserved_character", "api: {ca_file: @x}\n",
     "c.yaml:1:16: YAML: expected a value, got a character that none may begin with; put quotes "
     "around the text"},
    {"bad_escape", "api: {ca_file: \"\\q\"}\n",
     "c.yaml:1:19: expected valid YAML: unknown escape character: q; check the indentation, "
     "colons, brackets and "
     "quotes of this line"},
    {"deep_nesting", "api: " + std::string(1000, '[') + std::string(1000, ']'),
     "c.yaml:1:2006: YAML: expected a few levels, got hundreds; remove the brackets or "
     "dashes"},
    {"two_documents", "api: {}\n---\nnetwork: {}\n",
     "c.yaml:2:1: expected one YAML document, got more text after its end; remove the stray "
     "bracket, or the line "
     "--- and what follows it"},
    {"text_after_the_end", "api: {}\n...\nnetwork: {}\n",
     "c.yaml:3:1: expected one YAML document, got more text after its end; remove the stray "
     "bracket, or the line "
     "--- and what follows it"},
    // On this one YAML::LoadAll() of yaml-cpp 0.7 takes memory until there is none.
    {"endless_for_yaml_cpp", ",\n",
     "c.yaml:1:1: expected one YAML document, got more text after its end; remove the stray "
     "bracket, or the line --- "
     "and what follows it"},
    {"stray_bracket", "api: {interval: 1s}}\nnetwork: {floating_ips: off}\n",
     "c.yaml:1:20: YAML: expected no closing bracket here; remove it, or open it before"},
    {"stray_bracket_in_a_block", "api:\n  interval: 1s\n]\n",
     "c.yaml:3:1: YAML: expected no closing bracket here; remove it, or open it before"},
    {"top_level_list", "- api\n- network\n",
     "c.yaml:1:1: expected sections at the top level, got a list; begin with one of metadata, api, "
     "identity, "
     "network, register, metrics, and a colon"},
    {"top_level_scalar_is_not_repeated", "secret-token\n",
     "c.yaml:1:1: expected sections at the top level, got a single value; begin with one of "
     "metadata, api, "
     "identity, network, register, metrics, and a colon"},
    {"end_of_transmission", "api: {}\nnetw\x04ork: {}\n",
     "c.yaml:2:5: expected text, got the control character 0x04; remove it, or save the file as "
     "UTF-8"},
    {"utf16", std::string("a\0p\0i\0:\0", 8),
     "c.yaml:1:2: expected text, got the control character 0x00; remove it, or save the file as "
     "UTF-8"},
    {"latin1",
     "# Gr\xf6\xdf"
     "e\n",
     "c.yaml:1:5: expected UTF-8, got the byte 0xf6; save the file as UTF-8"},
    {"cut_off_character", "# \xc3",
     "c.yaml:1:3: expected UTF-8, got the byte 0xc3; save the file as UTF-8"},
};

const std::vector<BadInput> kKeys{
    {"near_key", "network:\n  dhcp_grace: 1s\n  private_network: auto\n",
     "c.yaml:3:3: network.private_network: unknown key; did you mean 'private_networks'?"},
    {"swapped_letters", "metadata: {intreval: 5s}\n",
     "c.yaml:1:12: metadata.intreval: unknown key; did you mean 'interval'?"},
    {"beginning_of_a_key", "network: {floating: off}\n",
     "c.yaml:1:11: network.floating: unknown key; did you mean 'floating_ips'?"},
    {"near_section", "Network: {}\n", "c.yaml:1:1: Network: unknown key; did you mean 'network'?"},
    {"token_itself_is_not_repeated", "api: {token: abcdefg}\n",
     "c.yaml:1:7: api.token: unknown key; did you mean 'token_file'?"},
    {"nothing_near", "api: {colour: red}\n",
     "c.yaml:1:7: api.colour: unknown key; known here: endpoint, token_file, ca_file, interval, "
     "reserve"},
    {"key_without_section", "private_networks: auto\n",
     "c.yaml:1:1: private_networks: unknown key; it belongs below network"},
    {"key_of_two_sections", "interval: 1s\n",
     "c.yaml:1:1: interval: unknown key; it belongs below metadata or api"},
    {"key_of_another_section", "network: {verify: dmi}\n",
     "c.yaml:1:11: network.verify: unknown key; it belongs below identity"},
    {"section_in_a_section", "api:\n  interval: 1s\n  identity: {verify: dmi}\n",
     "c.yaml:3:3: api.identity: unknown key; it belongs at the top level: check the indentation"},
    {"later_sections", "failover: []\n",
     "c.yaml:1:1: failover: not supported by this version (" HCLOUD_VERSION
     "); remove it, or install a version that has it"},
    {"duplicate_key", "api:\n  interval: 1s\n  ca_file: /x\n  interval: 2s\n",
     "c.yaml:4:3: api.interval: expected each key once, got a duplicate; keep one of this and line "
     "2"},
    {"duplicate_section", "api: {}\nnetwork: {}\napi: {}\n",
     "c.yaml:3:1: api: expected each key once, got a duplicate; keep one of this and line 1"},
    {"duplicate_of_an_unknown_key", "colour: red\ncolour: blue\n",
     "c.yaml:1:1: colour: unknown key; known here: metadata, api, identity, network, register, "
     "metrics\n"
     "c.yaml:2:1: colour: expected each key once, got a duplicate; keep one of this and line 1"},
    {"merge_key", "metadata: &m {interval: 1s}\napi:\n  <<: *m\n",
     "c.yaml:3:3: api.<<: unknown key; merge keys are not supported: write the keys out"},
    {"list_as_key", "? [a]\n: b\n",
     "c.yaml:1:3: expected a name as key, got a list; known here: metadata, api, identity, "
     "network, register, metrics"},
    {"null_as_key", "api: {~: x}\n",
     "c.yaml:1:7: api: expected a name as key, got nothing; known here: endpoint, token_file, "
     "ca_file, interval, reserve"},
    {"list_as_section", "api: [interval]\n",
     "c.yaml:1:6: api: expected keys with values, got a list; write them below it, indented; known "
     "here: endpoint, "
     "token_file, ca_file, interval, reserve"},
    {"scalar_as_section_is_not_repeated", "identity: secret\n",
     "c.yaml:1:11: identity: expected keys with values, got a single value; write them below it, "
     "indented; known "
     "here: verify"},
    {"control_characters_in_a_key", "\"a\\e[31m\": 1\n",
     "c.yaml:1:1: a\\x1b[31m: unknown key; known here: metadata, api, identity, network, register, "
     "metrics"},
    {"recursive_alias", "api: &a {interval: *a}\n",
     "c.yaml:1:6: api.interval: expected a duration such as 10s or 500ms, got a mapping; write a "
     "single value"},
    {"tagged_section", "api: !vault {}\n",
     "c.yaml:1:6: api: expected no YAML tag, got '!vault'; remove the tag"},
};

INSTANTIATE_TEST_SUITE_P(yaml, BadText, testing::ValuesIn(kYaml), kName);
INSTANTIATE_TEST_SUITE_P(keys, BadText, testing::ValuesIn(kKeys), kName);

TEST(Problems, areAllReportedInTheOrderOfTheText) {
    EXPECT_EQ(
        problems_of("network:\n  floating_ips: [x, 203.0.113.5, 203.0.113.5]\n  nat: yes\n"
                    "api: {interval: 2h, ca_file: rel}\nfailover: {}\n"),
        "c.yaml:2:18: network.floating_ips[0]: expected an IP address, got 'x'; write an address "
        "such as "
        "203.0.113.5 or 2001:db8:1::1/64\n"
        "c.yaml:2:34: network.floating_ips[2]: expected each address once, got '203.0.113.5' "
        "again; remove it: "
        "it is network.floating_ips[1] already\n"
        "c.yaml:3:3: network.nat: unknown key; known here: private_networks, dhcp_grace, "
        "floating_ips, "
        "default_route, pin_metadata_route\n"
        "c.yaml:4:17: api.interval: expected a duration from 1s to 1h, got '2h'; use 1h or less\n"
        "c.yaml:4:30: api.ca_file: expected an absolute path such as /etc/ssl/my-ca.pem; write the "
        "full path "
        "of a PEM file\n"
        "c.yaml:5:1: failover: not supported by this version (" HCLOUD_VERSION
        "); remove it, or install a version that has it");
}

// A value is wrong for the key that refers to it, and is mended where it stands.
TEST(Problems, ofAliasesAreSortedIn) {
    EXPECT_EQ(
        problems_of("metadata: {interval: &i 200ms}\nnetwork: {nat: 1}\napi: {interval: *i}\n"),
        "c.yaml:1:22: api.interval: expected a duration from 1s to 1h, got '200ms'; use 1s or "
        "more\n"
        "c.yaml:2:11: network.nat: unknown key; known here: private_networks, dhcp_grace, "
        "floating_ips, "
        "default_route, pin_metadata_route");
}

TEST(Problems, comeAsValues) {
    try {
        parse_config("network:\n  private_network: auto\n", "c.yaml");
        FAIL() << "accepted";
    } catch (const ConfigError& error) {
        const ConfigError::Problem expected{"c.yaml",
                                            2,
                                            3,
                                            "network.private_network",
                                            "unknown key",
                                            "did you mean 'private_networks'?"};
        EXPECT_EQ(error.problems(), std::vector{expected});
    }
}

TEST(Problems, areBoundedInNumber) {
    std::string yaml;
    for (int i = 0; i < 150; ++i)
        yaml += "x" + std::to_string(i) + ": 1\n";
    try {
        parse_config(yaml, "c.yaml");
        FAIL() << "accepted";
    } catch (const ConfigError& error) {
        ASSERT_EQ(error.problems().size(), 101U);
        EXPECT_EQ(error.problems().back().to_string(),
                  "c.yaml: and 50 more problems; mend these first");
    }
}

}  // namespace
}  // namespace hcloud::agent::test

// What is said of a value that does not fit its key.
#include "tests/agent/config/case_name.h"
#include "tests/agent/config/problems.h"

#include <gtest/gtest.h>

namespace hcloud::agent::test {
namespace {

class BadValue : public testing::TestWithParam<BadInput> {};

TEST_P(BadValue, isExplained) {
    EXPECT_EQ(problems_of(GetParam().yaml), GetParam().problems);
}

std::string duration_problem(const std::string& got) {
    return "c.yaml:1:17: api.interval: expected a duration such as 10s or 500ms, got " + got +
           "; write a whole number and a unit: ms, s, m or h";
}

const std::vector<BadInput> kDurations{
    {"word", "api: {interval: fast}", duration_problem("'fast'")},
    {"no_unit", "api: {interval: 10}", duration_problem("'10'")},
    {"fraction", "api: {interval: 1.5s}", duration_problem("'1.5s'")},
    {"negative", "api: {interval: -5s}", duration_problem("'-5s'")},
    {"blank_before_unit", "api: {interval: 10 s}", duration_problem("'10 s'")},
    {"unknown_unit", "api: {interval: 10d}", duration_problem("'10d'")},
    {"two_units", "api: {interval: 1m30s}", duration_problem("'1m30s'")},
    {"empty_text", "api: {interval: ''}", duration_problem("''")},
    {"below", "api: {interval: 999ms}",
     "c.yaml:1:17: api.interval: expected a duration from 1s to 1h, got '999ms'; use 1s or more"},
    {"above", "api: {interval: 61m}",
     "c.yaml:1:17: api.interval: expected a duration from 1s to 1h, got '61m'; use 1h or less"},
    {"beyond_every_integer", "api: {interval: 99999999999999999999999h}",
     "c.yaml:1:17: api.interval: expected a duration from 1s to 1h, got "
     "'99999999999999999999999h'; use 1h or "
     "less"},
    {"metadata_below", "metadata: {interval: 99ms}",
     "c.yaml:1:22: metadata.interval: expected a duration from 100ms to 1h, got '99ms'; use 100ms "
     "or more"},
    {"grace_above", "network: {dhcp_grace: 601s}",
     "c.yaml:1:23: network.dhcp_grace: expected a duration from 0s to 10m, got '601s'; use 10m or "
     "less"},
    {"nothing", "api:\n  interval:\nnetwork:\n",
     "c.yaml:2:3: api.interval: expected a duration such as 10s or 500ms, got nothing; write a "
     "value, or remove "
     "the key"},
    {"list", "api: {interval: [1s]}",
     "c.yaml:1:17: api.interval: expected a duration such as 10s or 500ms, got a list; write a "
     "single value"},
    {"tag", "api: {interval: !!int 5}",
     "c.yaml:1:17: api.interval: expected no YAML tag, got 'tag:yaml.org,2002:int'; remove the "
     "tag"},
    {"through_an_alias", "metadata: {interval: &i 200ms}\napi: {interval: *i}\n",
     "c.yaml:1:22: api.interval: expected a duration from 1s to 1h, got '200ms'; use 1s or more"},
    {"long_and_unprintable", "api: {interval: \"\\e" + std::string(70, 'x') + "\"}",
     duration_problem("'\\x1b" + std::string(59, 'x') + "...'")},
};

constexpr const char* kUserHint =
    "; write a name from there; for a user of a directory service, the number that `id -u` says";

const std::vector<BadInput> kUsers{
    {"unknown_user",
     "metadata:\n  guard: root-only\n  guard_users:\n    - root\n    - no-such-user\n",
     std::string("c.yaml:5:7: metadata.guard_users[1]: expected a user, got 'no-such-user', which "
                 "is not in /etc/passwd") +
         kUserHint},
    {"empty_name", "metadata: {guard_users: ['']}",
     std::string("c.yaml:1:26: metadata.guard_users[0]: expected a user, got '', which is not in "
                 "/etc/passwd") +
         kUserHint},
    {"uid_that_is_none", "metadata: {guard_users: [4294967295]}",
     "c.yaml:1:26: metadata.guard_users[0]: expected a user, got the number '4294967295'; a uid is "
     "at most 4294967294"},
    {"uid_beyond_every_integer", "metadata: {guard_users: [99999999999999999999]}",
     "c.yaml:1:26: metadata.guard_users[0]: expected a user, got the number "
     "'99999999999999999999'; a uid is at most 4294967294"},
    {"one_user_alone", "metadata: {guard_users: root}",
     "c.yaml:1:25: metadata.guard_users: expected a list of users such as [www-data, 1000], got "
     "'root'; write a list, even of one: [root]"},
    {"list_in_the_list", "metadata: {guard_users: [[root]]}",
     "c.yaml:1:26: metadata.guard_users[0]: expected a user, got a list; write a name or a number"},
    {"mapping", "metadata: {guard_users: {root: 0}}",
     "c.yaml:1:25: metadata.guard_users: expected a list of users such as [www-data, 1000], got a "
     "mapping; write a list"},
    {"tagged_user", "metadata: {guard_users: [!x root]}",
     "c.yaml:1:26: metadata.guard_users[0]: expected no YAML tag, got '!x'; remove the tag"},
    {"without_the_guard", "metadata: {guard_users: [root]}",
     "c.yaml:1:12: metadata.guard_users: expected guard beside it, got none: alone it does "
     "nothing; set guard too, or remove this"},
    {"guard_for_nobody", "metadata: {guard: root}",
     "c.yaml:1:19: metadata.guard: expected off or root-only, got 'root'; did you mean "
     "'root-only'?"},
};

std::string share_problem(const std::string& got) {
    return "c.yaml:1:16: api.reserve: expected a share from 0% to 90%, got " + got +
           "; write a whole number and the sign %, such as 20%";
}

const std::vector<BadInput> kShares{
    {"number", "api: {reserve: 20}", share_problem("'20'")},
    {"fraction", "api: {reserve: 2.5%}", share_problem("'2.5%'")},
    {"blank", "api: {reserve: 20 %}", share_problem("'20 %'")},
    {"negative", "api: {reserve: -1%}", share_problem("'-1%'")},
    {"above", "api: {reserve: 91%}", share_problem("'91%'")},
    {"beyond_every_integer", "api: {reserve: 99999999999%}", share_problem("'99999999999%'")},
    {"sign_alone", "api: {reserve: '%'}", share_problem("'%'")},
    {"empty_text", "api: {reserve: ''}", share_problem("''")},
};

const std::string kNoHttp = "; write one such as http://169.254.169.254/hetzner/v1/metadata";
const std::string kNoHttps = "; write one such as https://api.hetzner.cloud/v1";
const std::string kClearText =
    "; over http:// the token would cross the network in clear text; only 127.0.0.0/8, [::1] and "
    "localhost may be "
    "reached so";

BadInput metadata_url(const std::string& name, const std::string& url, const std::string& problem) {
    return {name, "metadata: {endpoint: '" + url + "'}",
            "c.yaml:1:22: metadata.endpoint: " + problem};
}

BadInput api_url(const std::string& name, const std::string& url, const std::string& problem) {
    return {name, "api: {endpoint: '" + url + "'}", "c.yaml:1:17: api.endpoint: " + problem};
}

const std::vector<BadInput> kEndpoints{
    metadata_url("metadata_over_https", "https://h/v1",
                 "expected an http:// URL, got 'https://h/v1'" + kNoHttp),
    metadata_url("metadata_without_scheme", "169.254.169.254",
                 "expected an http:// URL, got '169.254.169.254'" + kNoHttp),
    metadata_url("metadata_without_host", "http:///v1",
                 "expected an http:// URL, got 'http:///v1'" + kNoHttp),
    metadata_url("metadata_with_blank", "http://a b/",
                 "expected an http:// URL, got 'http://a b/'" + kNoHttp),
    metadata_url("metadata_bad_port", "http://h:99999/",
                 "expected an http:// URL, got 'http://h:99999/'" + kNoHttp),
    metadata_url("metadata_with_fragment", "http://h/#x",
                 "expected a URL without ? and #, got one with them; remove what follows the path"),
    api_url("api_over_http", "http://api.hetzner.cloud/v1",
            "expected an https:// URL, got 'http://api.hetzner.cloud/v1'" + kClearText),
    api_url("api_over_http_to_a_name_like_loopback", "http://127.0.0.1.example.com/",
            "expected an https:// URL, got 'http://127.0.0.1.example.com/'" + kClearText),
    api_url("api_over_http_to_private", "http://10.0.0.2/v1",
            "expected an https:// URL, got 'http://10.0.0.2/v1'" + kClearText),
    api_url("api_over_ftp", "ftp://h/", "expected an https:// URL, got 'ftp://h/'" + kNoHttps),
    api_url("api_empty", "", "expected an https:// URL, got ''" + kNoHttps),
    api_url("api_password_is_not_repeated", "https://user:secret@h/v1",
            "expected a URL without user name and password, got one with them; remove everything "
            "up to the @; the "
            "API token belongs in the file that api.token_file names"),
    api_url("api_loopback_as_user_name", "http://localhost@h/v1",
            "expected a URL without user name and password, got one with them; remove everything "
            "up to the @; the "
            "API token belongs in the file that api.token_file names"),
    api_url("api_bad_url_with_password_is_not_repeated", "https://user:secret@h:99999/",
            "expected an https:// URL, got another one" + kNoHttps),
    api_url("api_query_is_not_repeated", "https://h/v1?token=secret",
            "expected a URL without ? and #, got one with them; remove what follows the path"),
};

const std::string kNoToken =
    "c.yaml:1:19: api.token_file: expected an absolute path such as /etc/hcloud-agent/token; this "
    "names the file "
    "with the token: write its full path, never the token itself";

const std::vector<BadInput> kOthers{
    {"token_instead_of_its_file", "api: {token_file: jEheVytlAoFl7F8MqUQ7jAo2hOXASztX}", kNoToken},
    {"relative_path", "api: {token_file: ./token}", kNoToken},
    {"path_with_newline", "api: {token_file: \"/etc/token\\n\"}", kNoToken},
    {"path_with_blank_at_the_end", "api: {token_file: '/etc/token '}", kNoToken},
    {"path_too_long", "api: {token_file: /" + std::string(4096, 'x') + "}", kNoToken},
    {"choice_near", "network: {private_networks: Auto}",
     "c.yaml:1:29: network.private_networks: expected auto, addresses or off, got 'Auto'; did you "
     "mean 'auto'?"},
    {"choice_with_swapped_letters", "identity: {verify: dim}",
     "c.yaml:1:20: identity.verify: expected dmi or metadata, got 'dim'; did you mean 'dmi'?"},
    {"choice_far", "network: {default_route: public}",
     "c.yaml:1:26: network.default_route: expected off or private, got 'public'; write one of "
     "these words"},
    {"choice_without_off", "identity: {verify: off}",
     "c.yaml:1:20: identity.verify: expected dmi or metadata, got 'off'; write one of these words"},
    {"not_a_boolean", "network: {pin_metadata_route: 1}",
     "c.yaml:1:31: network.pin_metadata_route: expected true or false, got '1'; write true or "
     "false; yes, no, on "
     "and off mean the same"},
};

BadInput address(const std::string& name, const std::string& text, const std::string& problem) {
    return {name, "network:\n  floating_ips:\n    - 198.51.100.1\n    - " + text + "\n",
            "c.yaml:4:7: network.floating_ips[1]: " + problem};
}

const std::string kWriteAddress = "; write an address such as 203.0.113.5 or 2001:db8:1::1/64";

const std::vector<BadInput> kAddresses{
    address("host_name", "web-vip", "expected an IP address, got 'web-vip'" + kWriteAddress),
    address("too_long_prefix", "203.0.113.5/33",
            "expected an IP address, got '203.0.113.5/33'" + kWriteAddress),
    address("number", "5", "expected an IP address, got '5'" + kWriteAddress),
    address("nothing", "~",
            "expected an IP address, got nothing; write an address such as 203.0.113.5"),
    address("list_in_the_list", "[203.0.113.5]",
            "expected an IP address, got a list; write an address such as 203.0.113.5"),
    address("tagged", "!ip 203.0.113.5", "expected no YAML tag, got '!ip'; remove the tag"),
    address("ipv4_network", "203.0.113.0/24",
            "expected the length 32 for an IPv4 floating IP, got '203.0.113.0/24'; a floating IPv4 "
            "is a single "
            "address: write 203.0.113.0"),
    address("ipv6_too_short", "2001:db8:1::1/48",
            "expected a length of 64 to 128 for an IPv6 floating IP, got '2001:db8:1::1/48'; a "
            "floating IPv6 "
            "is a /64 network: write an address of it, such as 2001:db8:1::1/64"),
    address("ipv6_short_network", "2001:db8:1::/48",
            "expected a length of 64 to 128 for an IPv6 floating IP, got '2001:db8:1::/48'; a "
            "floating IPv6 "
            "is a /64 network: write an address of it, such as 2001:db8:1::1/64"),
    address("ipv6_network", "2001:db8:1::/64",
            "expected an address in a network, got the network '2001:db8:1::/64'; write one of its "
            "addresses, such "
            "as 2001:db8:1::1/64"),
    address("ipv6_network_without_length", "'2001:db8:1::'",
            "expected an address in a network, got the network '2001:db8:1::'; write one of its "
            "addresses, such as "
            "2001:db8:1::1/64"),
    address("loopback", "127.0.0.1",
            "expected a floating IP, got a loopback address, '127.0.0.1'" + kWriteAddress),
    address("unspecified", "0.0.0.0",
            "expected a floating IP, got an unspecified address, '0.0.0.0'" + kWriteAddress),
    address("metadata_service", "169.254.169.254",
            "expected a floating IP, got a link-local address, '169.254.169.254'" + kWriteAddress),
    address("multicast", "224.0.0.18",
            "expected a floating IP, got a multicast or reserved address, '224.0.0.18'" +
                kWriteAddress),
    address("ipv6_loopback", "'::1'",
            "expected a floating IP, got an unspecified, loopback or mapped address, '::1'" +
                kWriteAddress),
    address("ipv6_link_local", "fe80::1/64",
            "expected a floating IP, got a link-local address, 'fe80::1/64'" + kWriteAddress),
    address("ipv6_multicast", "ff02::1",
            "expected a floating IP, got a multicast address, 'ff02::1'" + kWriteAddress),
    address("duplicate", "198.51.100.1/32",
            "expected each address once, got '198.51.100.1/32' again; remove it: it is "
            "network.floating_ips[0] "
            "already"),
    {"duplicate_with_another_length", "network: {floating_ips: ['2001:db8::1', '2001:db8::1/128']}",
     "c.yaml:1:41: network.floating_ips[1]: expected each address once, got '2001:db8::1/128' "
     "again; remove it: it "
     "is network.floating_ips[0] already"},
    {"address_instead_of_list", "network: {floating_ips: 203.0.113.5}",
     "c.yaml:1:25: network.floating_ips: expected assigned, off or a list of addresses, got "
     "'203.0.113.5'; write a "
     "list, even of one: [\"203.0.113.5\"]"},
    {"unknown_word", "network: {floating_ips: asigned}",
     "c.yaml:1:25: network.floating_ips: expected assigned, off or a list of addresses, got "
     "'asigned'; did you mean "
     "'assigned'?"},
    {"mapping_instead_of_list", "network: {floating_ips: {a: b}}",
     "c.yaml:1:25: network.floating_ips: expected assigned, off or a list of addresses, got a "
     "mapping; write a "
     "single value"},
};

BadInput listen(const std::string& name, const std::string& text, const std::string& problem) {
    return {name, "metrics: {listen: " + text + "}", "c.yaml:1:19: metrics.listen: " + problem};
}

BadInput no_listen_address(const std::string& name, const std::string& text,
                           const std::string& got) {
    return listen(name, text,
                  "expected a loopback address with a port, got '" + got +
                      "'; write one such as 127.0.0.1:9478 or [::1]:9478");
}

BadInput from_elsewhere(const std::string& name, const std::string& text, const std::string& got) {
    return listen(name, text,
                  "expected a loopback address, got '" + got +
                      "'; there is no password here: only this server may ask. To be asked from "
                      "elsewhere, put a proxy with one before 127.0.0.1");
}

const std::vector<BadInput> kListen{
    from_elsewhere("all_addresses", "'0.0.0.0:9478'", "0.0.0.0"),
    from_elsewhere("all_ipv6_addresses", "'[::]:9478'", "::"),
    from_elsewhere("public_address", "203.0.113.10:9478", "203.0.113.10"),
    from_elsewhere("private_address", "10.0.0.2:9478", "10.0.0.2"),
    no_listen_address("no_port", "127.0.0.1", "127.0.0.1"),
    no_listen_address("port_alone", "9478", "9478"),
    no_listen_address("no_address", "':9478'", ":9478"),
    no_listen_address("port_0", "127.0.0.1:0", "127.0.0.1:0"),
    no_listen_address("port_too_large", "127.0.0.1:65536", "127.0.0.1:65536"),
    no_listen_address("signed_port", "127.0.0.1:+80", "127.0.0.1:+80"),
    no_listen_address("no_brackets", "'::1:9478'", "::1:9478"),
    no_listen_address("needless_brackets", "'[127.0.0.1]:9478'", "[127.0.0.1]:9478"),
    no_listen_address("name", "localhost:9478", "localhost:9478"),
    no_listen_address("url", "'http://127.0.0.1:9478'", "http://127.0.0.1:9478"),
    listen("nothing_to_listen_on", "[]",
           "expected off or a loopback address with a port, got a list; write a single value"),
};

INSTANTIATE_TEST_SUITE_P(shares, BadValue, testing::ValuesIn(kShares), kName);
INSTANTIATE_TEST_SUITE_P(durations, BadValue, testing::ValuesIn(kDurations), kName);
INSTANTIATE_TEST_SUITE_P(users, BadValue, testing::ValuesIn(kUsers), kName);
INSTANTIATE_TEST_SUITE_P(endpoints, BadValue, testing::ValuesIn(kEndpoints), kName);
INSTANTIATE_TEST_SUITE_P(others, BadValue, testing::ValuesIn(kOthers), kName);
INSTANTIATE_TEST_SUITE_P(listen, BadValue, testing::ValuesIn(kListen), kName);
INSTANTIATE_TEST_SUITE_P(addresses, BadValue, testing::ValuesIn(kAddresses), kName);

}  // namespace
}  // namespace hcloud::agent::test

// Which texts are accepted, and which values they mean.
#include "agent/config/load.h"

#include "agent/config/show.h"
#include "tests/agent/config/case_name.h"

#include <functional>

#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

using std::chrono::milliseconds;

host::Prefix prefix(const char* text) {
    return host::Prefix::parse(text).value();
}

struct Good {
    std::string name;
    std::string yaml;
    std::function<void(Config&)> change;  // from the defaults to what is meant
};

void PrintTo(const Good& good, std::ostream* out) {
    *out << good.name;
}

class GoodInput : public testing::TestWithParam<Good> {};

TEST_P(GoodInput, means) {
    Config expected;
    GetParam().change(expected);
    EXPECT_EQ(show_config(parse_config(GetParam().yaml, "c.yaml")), show_config(expected));
    EXPECT_EQ(parse_config(GetParam().yaml, "c.yaml"), expected);
}

const std::vector<Good> kShapes{
    {"empty", "", [](Config&) {}},
    {"comments_only", "# nothing\n\n  # at all\n", [](Config&) {}},
    {"null", "~\n", [](Config&) {}},
    {"document_markers", "---\napi: {interval: 2m}\n...\n",
     [](Config& c) { c.api.interval = std::chrono::minutes(2); }},
    {"byte_order_mark",
     "\xef\xbb\xbf"
     "api: {interval: 2m}\n",
     [](Config& c) { c.api.interval = std::chrono::minutes(2); }},
    {"windows_line_ends", "api:\r\n  interval: 2m\r\n",
     [](Config& c) { c.api.interval = std::chrono::minutes(2); }},
    {"empty_sections", "metadata:\napi: {}\nnetwork: ~\n", [](Config&) {}},
    {"aliases_of_values_and_sections", "metadata: &m {interval: &t 7s}\napi: {interval: *t}\n",
     [](Config& c) { c.metadata.interval = c.api.interval = milliseconds(7000); }},
    {"non_ascii_comment", "# Größe\napi: {interval: 2m}\n",
     [](Config& c) { c.api.interval = std::chrono::minutes(2); }},
};

const std::vector<Good> kValues{
    {"milliseconds_at_the_lower_bound", "metadata: {interval: 100ms}",
     [](Config& c) { c.metadata.interval = milliseconds(100); }},
    {"hours_at_the_upper_bound", "metadata: {interval: 1h}",
     [](Config& c) { c.metadata.interval = std::chrono::hours(1); }},
    {"the_same_in_seconds", "metadata: {interval: 3600s}",
     [](Config& c) { c.metadata.interval = std::chrono::hours(1); }},
    {"quoted_duration", "api: {interval: '1s'}",
     [](Config& c) { c.api.interval = milliseconds(1000); }},
    {"guard", "metadata: {guard: root-only, guard_users: [root, 0, '1000']}",
     [](Config& c) {
         c.metadata.guard = MetadataGuard::root_only;
         c.metadata.guard_users = {{"root", 0}, {"0", 0}, {"1000", 1000}};
     }},
    {"guard_off", "metadata: {guard: no, guard_users: []}", [](Config&) {}},
    {"guard_off_for_now", "metadata: {guard_users: [root], guard: off}",
     [](Config& c) {
         c.metadata.guard_users = {{"root", 0}};
     }},
    {"no_grace", "network: {dhcp_grace: 0s}",
     [](Config& c) { c.network.dhcp_grace = milliseconds(0); }},
    {"most_grace", "network: {dhcp_grace: 10m}",
     [](Config& c) { c.network.dhcp_grace = std::chrono::minutes(10); }},
    {"metadata_endpoint_loses_slashes", "metadata: {endpoint: 'http://127.0.0.1:8080/v1//'}",
     [](Config& c) { c.metadata.endpoint = "http://127.0.0.1:8080/v1"; }},
    {"api_over_https", "api: {endpoint: 'https://proxy.example.com:8443/v1/'}",
     [](Config& c) { c.api.endpoint = "https://proxy.example.com:8443/v1"; }},
    {"api_on_ipv4_loopback", "api: {endpoint: 'http://127.1.2.3:80/v1'}",
     [](Config& c) { c.api.endpoint = "http://127.1.2.3:80/v1"; }},
    {"api_on_ipv6_loopback", "api: {endpoint: 'http://[::1]:80/v1'}",
     [](Config& c) { c.api.endpoint = "http://[::1]:80/v1"; }},
    {"api_on_localhost", "api: {endpoint: http://localhost/v1}",
     [](Config& c) { c.api.endpoint = "http://localhost/v1"; }},
    {"no_reserve", "api: {reserve: 0%}", [](Config& c) { c.api.reserve = 0; }},
    {"largest_reserve", "api: {reserve: '90%'}", [](Config& c) { c.api.reserve = 90; }},
    {"files", "api: {token_file: /etc/t, ca_file: /etc/my ca.pem}",
     [](Config& c) {
         c.api.token_file = "/etc/t";
         c.api.ca_file = "/etc/my ca.pem";
     }},
    {"files_not_set", "api:\n  token_file: null\n  ca_file:\n", [](Config&) {}},
    {"verify_metadata", "identity: {verify: metadata}",
     [](Config& c) { c.identity.verify = VerifyBy::metadata; }},
    {"alias_ips_only", "network: {private_networks: addresses}",
     [](Config& c) { c.network.private_networks = PrivateMode::addresses; }},
    {"private_networks_auto", "network: {private_networks: auto}",
     [](Config& c) { c.network.private_networks = PrivateMode::automatic; }},
    {"default_route_private", "network: {default_route: private}",
     [](Config& c) { c.network.default_route = DefaultRoute::private_gateway; }},
    {"metrics_on_ipv4", "metrics: {listen: 127.0.0.1:9478}",
     [](Config& c) { c.metrics.listen = "127.0.0.1:9478"; }},
    {"metrics_on_ipv6", "metrics: {listen: '[::1]:9478'}",
     [](Config& c) { c.metrics.listen = "[::1]:9478"; }},
    {"metrics_off", "metrics: {listen: off}", [](Config&) {}},
    {"metrics_off_as_yaml_1_1_says_it", "metrics: {listen: false}", [](Config&) {}},
    {"floating_ips_off", "network: {floating_ips: off}",
     [](Config& c) { c.network.floating_ips = FloatingIpsMode::off; }},
    {"floating_ips_assigned", "network: {floating_ips: assigned}",
     [](Config& c) { c.network.floating_ips = FloatingIpsMode::assigned; }},
    {"floating_list_gets_lengths",
     "network:\n  floating_ips:\n    - 203.0.113.5\n    - 203.0.113.6/32\n    - 2001:db8:1::1\n"
     "    - 2001:db8:2::1/64\n    - 2001:db8:3::1/128\n    - 2001:db8:4::/128\n",
     [](Config& c) {
         c.network.floating_ips = std::vector{
             prefix("203.0.113.5/32"),   prefix("203.0.113.6/32"),    prefix("2001:db8:1::1/64"),
             prefix("2001:db8:2::1/64"), prefix("2001:db8:3::1/128"), prefix("2001:db8:4::/128")};
     }},
    {"empty_floating_list_is_not_off", "network: {floating_ips: []}",
     [](Config& c) { c.network.floating_ips = std::vector<host::Prefix>{}; }},
};

/// The example of the public contract, without what later versions bring.
const std::vector<Good> kContract{
    {"contract", R"(
metadata: {endpoint: "http://169.254.169.254/hetzner/v1/metadata", interval: 10s}
api:
  endpoint: https://api.hetzner.cloud/v1
  token_file: /etc/hcloud-agent/token
  ca_file: /etc/ssl/my-ca.pem
  interval: 60s
  reserve: 20%
identity: {verify: dmi}
network:
  private_networks: auto
  floating_ips: [203.0.113.5, "2001:db8:1::1/64"]
  default_route: off
  pin_metadata_route: true
)",
     [](Config& c) {
         c.api.token_file = "/etc/hcloud-agent/token";
         c.api.ca_file = "/etc/ssl/my-ca.pem";
         c.network.floating_ips = std::vector{prefix("203.0.113.5/32"), prefix("2001:db8:1::1/64")};
     }}};

INSTANTIATE_TEST_SUITE_P(shapes, GoodInput, testing::ValuesIn(kShapes), kName);
INSTANTIATE_TEST_SUITE_P(values, GoodInput, testing::ValuesIn(kValues), kName);
INSTANTIATE_TEST_SUITE_P(contract, GoodInput, testing::ValuesIn(kContract), kName);

// YAML 1.1 spells booleans in many ways; each works, and false is a way to say off.
class BooleanWord : public testing::TestWithParam<std::pair<std::string, bool>> {};

TEST_P(BooleanWord, isABoolean) {
    const auto [word, value] = GetParam();
    EXPECT_EQ(parse_config("network: {pin_metadata_route: " + word + "}", "c.yaml")
                  .network.pin_metadata_route,
              value);
}

TEST_P(BooleanWord, meansOffWhenFalse) {
    const auto [word, value] = GetParam();
    const auto yaml = "network: {private_networks: " + word + ", floating_ips: " + word + "}";
    if (value) {
        EXPECT_THROW(parse_config(yaml, "c.yaml"), ConfigError);
        return;
    }
    const auto config = parse_config(yaml, "c.yaml");
    EXPECT_EQ(config.network.private_networks, PrivateMode::off);
    EXPECT_EQ(config.network.floating_ips, FloatingIps(FloatingIpsMode::off));
}

INSTANTIATE_TEST_SUITE_P(words, BooleanWord,
                         testing::Values(std::pair{"true", true}, std::pair{"True", true},
                                         std::pair{"TRUE", true}, std::pair{"yes", true},
                                         std::pair{"on", true}, std::pair{"'on'", true},
                                         std::pair{"false", false}, std::pair{"no", false},
                                         std::pair{"No", false}, std::pair{"off", false},
                                         std::pair{"OFF", false}, std::pair{"'off'", false}),
                         [](const auto& word) {
                             std::string name = word.param.first;
                             std::erase(name, '\'');
                             return name + "_" + std::to_string(word.index);
                         });

// Aliases are followed, but a document of 20 lines that stands for 10^18 nodes costs nothing.
TEST(Aliases, areNotExpanded) {
    std::string yaml = "api: {interval: 2m}\nx0: &x0 [a, b, c, d, e, f, g, h]\n";
    for (int i = 1; i < 20; ++i) {
        const auto before = "*x" + std::to_string(i - 1);
        yaml += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [";
        for (int n = 0; n < 8; ++n)
            yaml += before + " ,";
        yaml += "]\n";
    }
    try {
        parse_config(yaml, "c.yaml");
        FAIL() << "the keys x0 to x19 were accepted";
    } catch (const ConfigError& error) {
        EXPECT_EQ(error.problems().size(), 20U);
    }
}

}  // namespace
}  // namespace hcloud::agent

// What is made from the table of keys: `config show`, the sample file and the manual page. Each
// must know every key, and each must agree with what parse_config() accepts.
#include "agent/config/keys.h"
#include "agent/config/load.h"
#include "agent/config/manual.h"
#include "agent/config/sample.h"
#include "agent/config/show.h"
#include "tests/agent/config/key_paths.h"
#include "tests/lab/command.h"
#include "tests/lab/places.h"

#include <functional>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

host::IpAddress address(const char* text) {
    return host::IpAddress::parse(text).value();
}

Config::Register registration_far_from_default() {
    Config::Register registration;
    registration.labels = {{"a.example/b", ""}, {"null", "true"}, {"1", "0.10"}};
    registration.firewalls = {"1", "a, b: [c] #d", "null"};
    registration.networks = {{"~", address("10.0.0.2"), {address("10.0.0.3")}},
                             {"4711", std::nullopt, {address("10.1.0.4"), address("10.1.0.5")}},
                             {"\xc3\xbc", address("10.2.0.2"), {}}};
    registration.load_balancers = {{"- x", true, std::chrono::seconds(0)},
                                   {"y", false, std::chrono::milliseconds(1)}};
    registration.reverse_dns = "1.example.com";
    registration.reverse_dns_floating_ips = true;
    registration.drain_timeout = std::chrono::minutes(10);
    return registration;
}

Config far_from_default() {
    Config config;
    config.metadata = {"http://127.0.0.1:8080",
                       std::chrono::milliseconds(1500),
                       MetadataGuard::root_only,
                       {{"root", 0}, {"4294967294", 4294967294}}};
    config.api = {"http://[::1]:9/v1", "/a #b: 'c' \"d\" \\", "/\xc3\xbc{}[]",
                  std::chrono::seconds(90), 90};
    config.identity = {VerifyBy::metadata};
    config.network = {PrivateMode::off, std::chrono::milliseconds(0),
                      std::vector{host::Prefix::parse("203.0.113.5").value(),
                                  host::Prefix::parse("2001:db8::1/64").value(),
                                  host::Prefix::parse("2001:db8:1::/128").value()},
                      DefaultRoute::private_gateway, false};
    config.registration = registration_far_from_default();
    config.metrics = {"[::1]:65535"};
    return config;
}

TEST(Show, printsEveryKeyOfTheDefaults) {
    EXPECT_EQ(show_config({}), R"(metadata:
  endpoint: http://169.254.169.254/hetzner/v1/metadata
  interval: 10s
  guard: off
  guard_users: []
api:
  endpoint: https://api.hetzner.cloud/v1
  token_file: null
  ca_file: null
  interval: 1m
  reserve: 20%
identity:
  verify: dmi
network:
  private_networks: auto
  dhcp_grace: 5s
  floating_ips: assigned
  default_route: off
  pin_metadata_route: true
register:
  labels: {}
  firewalls: []
  networks: []
  load_balancers: []
  reverse_dns: null
  reverse_dns_floating_ips: false
  drain_timeout: 30s
metrics:
  listen: off
)");
}

TEST(Show, isReadBackAsTheSame) {
    const auto config = far_from_default();
    EXPECT_EQ(parse_config(show_config(config), "shown"), config);
    EXPECT_EQ(parse_config(show_config({}), "shown"), Config{});
}

class ShowEach : public testing::TestWithParam<std::function<void(Config&)>> {};

TEST_P(ShowEach, isReadBackAsTheSame) {
    Config config;
    GetParam()(config);
    EXPECT_EQ(parse_config(show_config(config), "shown"), config);
}

INSTANTIATE_TEST_SUITE_P(
    enumerators, ShowEach,
    testing::Values([](Config& c) { c.network.private_networks = PrivateMode::addresses; },
                    [](Config& c) { c.network.floating_ips = FloatingIpsMode::off; },
                    [](Config& c) { c.network.floating_ips = std::vector<host::Prefix>{}; },
                    [](Config& c) { c.metadata.interval = std::chrono::hours(1); },
                    [](Config& c) { c.metadata.interval = std::chrono::milliseconds(60001); },
                    [](Config& c) { c.api.ca_file = "/etc/my ca.pem"; },
                    [](Config& c) { c.api.reserve = 0; }),
    [](const auto& i) { return "Change" + std::to_string(i.index); });

/// The sample's lines, and of each "#key: value" line its place and its section's name.
struct Sample {
    std::vector<std::string> lines;
    struct Key {
        std::size_t line;
        std::string path;
    };
    std::vector<Key> keys;
};

std::string sample_file() {
    return lab::in_source("packaging/hcloud-agent.yaml");
}

Sample read_sample() {
    Sample sample;
    std::istringstream text(lab::read_file(sample_file()));
    std::string section;
    const std::regex section_line("([a-z_]+):");
    const std::regex key_line("  #([a-z_]+): .+");
    for (std::string line; std::getline(text, line);) {
        std::smatch match;
        if (std::regex_match(line, match, section_line)) section = match[1];
        if (std::regex_match(line, match, key_line)) {
            sample.keys.push_back({sample.lines.size(), section + "." + match[1].str()});
        }
        sample.lines.push_back(line);
    }
    return sample;
}

std::string uncommented(const Sample& sample, const std::set<std::size_t>& which) {
    std::string text;
    for (std::size_t i = 0; i < sample.lines.size(); ++i) {
        auto line = sample.lines[i];
        if (which.contains(i)) line.erase(line.find('#'), 1);
        text += line + "\n";
    }
    return text;
}

/// Keys whose default tells nothing have examples in the sample.
const std::map<std::string, std::function<void(Config&)>> kExamples{
    {"api.token_file", [](Config& c) { c.api.token_file = "/etc/hcloud-agent/token"; }},
    {"api.ca_file", [](Config& c) { c.api.ca_file = "/etc/ssl/my-ca.pem"; }},
    {"register.labels",
     [](Config& c) {
         c.registration.labels = {{"role", "web"}};
     }},
    {"register.firewalls",
     [](Config& c) {
         c.registration.firewalls = {"web", "4711"};
     }},
    {"register.networks",
     [](Config& c) {
         c.registration.networks = {
             {"backend", std::nullopt, {host::IpAddress::parse("10.0.0.100").value()}}};
     }},
    {"register.load_balancers",
     [](Config& c) {
         c.registration.load_balancers = {{"web", true, std::chrono::seconds(10)}};
     }},
    {"register.reverse_dns", [](Config& c) { c.registration.reverse_dns = "web1.example.com"; }}};

/// Of one key, or of all for "".
Config with_examples(const std::string& path) {
    Config config;
    for (const auto& [key, set] : kExamples) {
        if (path == key || path.empty()) set(config);
    }
    return config;
}

// After a change of the table, make both anew: see tests/packaging/config_papers.cpp.
TEST(SampleFile, isMadeFromTheTable) {
    EXPECT_EQ(lab::read_file(sample_file()), sample_config());
}

TEST(ManualPage, isMadeFromTheTable) {
    EXPECT_EQ(lab::read_file(lab::in_source("packaging/man/hcloud-agent.yaml.5")), config_manual());
}

TEST(SampleFile, meansTheDefaults) {
    EXPECT_EQ(load_config(sample_file()), Config{});
}

TEST(SampleFile, hasEveryKey) {
    std::set<std::string> found;
    for (const auto& key : read_sample().keys)
        EXPECT_TRUE(found.insert(key.path).second) << key.path << " twice";
    EXPECT_EQ(found, test::key_paths());
}

TEST(SampleFile, eachKeyUncommentedIsItsDefault) {
    const auto sample = read_sample();
    std::set<std::size_t> all;
    for (const auto& key : sample.keys) {
        all.insert(key.line);
        EXPECT_EQ(parse_config(uncommented(sample, {key.line}), "sample"), with_examples(key.path))
            << key.path;
    }
    EXPECT_EQ(parse_config(uncommented(sample, all), "sample"), with_examples(""));
}

TEST(SampleFile, uncommentedKeysAreReallyRead) {
    auto sample = read_sample();
    for (const auto& key : sample.keys) {
        auto& line = sample.lines[key.line];
        line = line.substr(0, line.find(": ")) + ": [[]]";
        EXPECT_THROW(parse_config(uncommented(sample, {key.line}), "sample"), ConfigError)
            << key.path;
    }
}

TEST(Table, rejectsWhatLaterVersionsBring) {
    EXPECT_THAT(config::later_sections(), testing::ElementsAre("failover"));
}

}  // namespace
}  // namespace hcloud::agent

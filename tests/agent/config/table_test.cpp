// What is made from the table of keys: `config show`, the JSON Schema and the sample file. Each
// must know every key, and each must agree with what parse_config() accepts.
#include "agent/config/keys.h"
#include "agent/config/load.h"
#include "agent/config/sample.h"
#include "agent/config/schema.h"
#include "agent/config/show.h"
#include "tests/lab/command.h"

#include <regex>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {
namespace {

/// "metadata.endpoint" and so on, by hand: the one list besides the table.
const std::set<std::string> kKeys{
    "metadata.endpoint",        "metadata.interval",     "api.endpoint",
    "api.token_file",           "api.ca_file",           "api.interval",
    "identity.verify",          "network.dhcp_grace",    "network.floating_ips",
    "network.private_networks", "network.default_route", "network.pin_metadata_route"};

Config far_from_default() {
    Config config;
    config.metadata = {"http://127.0.0.1:8080", std::chrono::milliseconds(1500)};
    config.api = {"http://[::1]:9/v1", "/a #b: 'c' \"d\" \\", "/\xc3\xbc{}[]",
                  std::chrono::seconds(90)};
    config.identity = {VerifyBy::metadata};
    config.network = {PrivateMode::off, std::chrono::milliseconds(0),
                      std::vector{host::Prefix::parse("203.0.113.5").value(),
                                  host::Prefix::parse("2001:db8::1/64").value(),
                                  host::Prefix::parse("2001:db8:1::/128").value()},
                      DefaultRoute::private_gateway, false};
    return config;
}

TEST(Show, printsEveryKeyOfTheDefaults) {
    EXPECT_EQ(show_config({}), R"(metadata:
  endpoint: http://169.254.169.254/hetzner/v1/metadata
  interval: 10s
api:
  endpoint: https://api.hetzner.cloud/v1
  token_file: null
  ca_file: null
  interval: 1m
identity:
  verify: dmi
network:
  private_networks: auto
  dhcp_grace: 5s
  floating_ips: assigned
  default_route: off
  pin_metadata_route: true
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
                    [](Config& c) { c.api.ca_file = "/etc/my ca.pem"; }),
    [](const auto& i) { return "Change" + std::to_string(i.index); });

TEST(Schema, hasTypeDescriptionAndDefaultOfEveryKey) {
    const auto schema = nlohmann::json::parse(json_schema());
    EXPECT_EQ(schema.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(schema.at("additionalProperties"), false);
    std::set<std::string> found;
    for (const auto& [section_name, section] : schema.at("properties").items()) {
        EXPECT_EQ(section.at("additionalProperties"), false) << section_name;
        for (const auto& [name, key] : section.at("properties").items()) {
            found.insert(fmt::format("{}.{}", section_name, name));
            EXPECT_TRUE(key.contains("type")) << name;
            EXPECT_TRUE(key.contains("default")) << name;
            EXPECT_GT(key.at("description").get<std::string>().size(), 10U) << name;
        }
    }
    EXPECT_EQ(found, kKeys);
}

std::vector<std::string> patterns_of_the_api_endpoint() {
    const auto schema = nlohmann::json::parse(json_schema());
    return {
        schema.at("/properties/api/properties/endpoint/pattern"_json_pointer).get<std::string>()};
}

// Reader and schema must not disagree about what a token may travel over.
TEST(Schema, agreesWithTheReaderOnApiEndpoints) {
    const std::regex pattern(patterns_of_the_api_endpoint().front());
    for (const std::string url :
         {"https://h", "HTTPS://h/v1", "http://h/v1", "http://127.0.0.1/", "http://[::1]:80",
          "http://localhost", "http://localhost.example.com", "http://localhost:1/v1", "h"}) {
        bool accepted = true;
        try {
            parse_config("api: {endpoint: \"" + url + "\"}", "c.yaml");
        } catch (const ConfigError&) {
            accepted = false;
        }
        EXPECT_EQ(std::regex_search(url, pattern), accepted) << url;
    }
}

TEST(Schema, wordsAreAccepted) {
    const auto schema = nlohmann::json::parse(json_schema());
    int words = 0;
    for (const auto& [section_name, section] : schema.at("properties").items()) {
        for (const auto& [name, key] : section.at("properties").items()) {
            const auto& with_words = key.contains("anyOf") ? key["anyOf"][0] : key;
            for (const auto& word : with_words.value("enum", nlohmann::json::array())) {
                const nlohmann::json yaml{{section_name, {{name, word}}}};
                EXPECT_NO_THROW(parse_config(yaml.dump(), "c.yaml")) << yaml;
                ++words;
            }
        }
    }
    EXPECT_EQ(words, 2 + 5 + 4 + 4 + 6);
}

/// The sample's lines, and of each "#key: value" line its place and its section's name.
struct Sample {
    std::vector<std::string> lines;
    struct Key {
        std::size_t line;
        std::string path;
    };
    std::vector<Key> keys;
};

Sample read_sample() {
    Sample sample;
    std::istringstream text(lab::read_file(HCLOUD_SAMPLE_FILE));
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

/// The paths have no default, so the sample has examples.
Config with_example_paths(const std::string& path) {
    Config config;
    if (path == "api.token_file" || path.empty()) config.api.token_file = "/etc/hcloud-agent/token";
    if (path == "api.ca_file" || path.empty()) config.api.ca_file = "/etc/ssl/my-ca.pem";
    return config;
}

// After a change of the table: build the sample anew, it is what sample_config() returns.
TEST(SampleFile, isMadeFromTheTable) {
    EXPECT_EQ(lab::read_file(HCLOUD_SAMPLE_FILE), sample_config());
}

TEST(SampleFile, meansTheDefaults) {
    EXPECT_EQ(load_config(HCLOUD_SAMPLE_FILE), Config{});
}

TEST(SampleFile, hasEveryKey) {
    std::set<std::string> found;
    for (const auto& key : read_sample().keys)
        EXPECT_TRUE(found.insert(key.path).second) << key.path << " twice";
    EXPECT_EQ(found, kKeys);
}

TEST(SampleFile, eachKeyUncommentedIsItsDefault) {
    const auto sample = read_sample();
    std::set<std::size_t> all;
    for (const auto& key : sample.keys) {
        all.insert(key.line);
        EXPECT_EQ(parse_config(uncommented(sample, {key.line}), "sample"),
                  with_example_paths(key.path))
            << key.path;
    }
    EXPECT_EQ(parse_config(uncommented(sample, all), "sample"), with_example_paths(""));
}

TEST(SampleFile, uncommentedKeysAreReallyRead) {
    auto sample = read_sample();
    for (const auto& key : sample.keys) {
        auto& line = sample.lines[key.line];
        line = line.substr(0, line.find(": ")) + ": {}";
        EXPECT_THROW(parse_config(uncommented(sample, {key.line}), "sample"), ConfigError)
            << key.path;
    }
}

TEST(Table, rejectsWhatLaterVersionsBring) {
    for (const auto& section : config::sections()) {
        for (const auto later : section.later)
            EXPECT_FALSE(kKeys.contains(fmt::format("{}.{}", section.name, later)));
    }
    EXPECT_THAT(config::later_sections(), testing::ElementsAre("register", "failover"));
}

}  // namespace
}  // namespace hcloud::agent

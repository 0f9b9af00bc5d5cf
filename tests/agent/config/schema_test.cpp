// The JSON Schema knows every key, and agrees with what parse_config() accepts.
#include "agent/config/schema.h"

#include "agent/config/load.h"
#include "tests/agent/config/key_paths.h"

#include <regex>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {
namespace {

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
    EXPECT_EQ(found, test::key_paths());
}

nlohmann::json in_schema(const std::string& pointer) {
    return nlohmann::json::parse(json_schema()).at(nlohmann::json::json_pointer(pointer));
}

bool accepts(const std::string& yaml) {
    try {
        parse_config(yaml, "c.yaml");
    } catch (const ConfigError&) {
        return false;
    }
    return true;
}

std::regex pattern_at(const std::string& pointer) {
    return std::regex(in_schema(pointer).get<std::string>());
}

TEST(Schema, agreesWithTheReaderOnWhereMetricsAreServed) {
    const auto pattern = pattern_at("/properties/metrics/properties/listen/anyOf/1/pattern");
    for (const std::string address : {"127.0.0.1:9478", "127.0.0.2:1", "[::1]:65535", "0.0.0.0:1",
                                      "localhost:9478", "10.0.0.2:80", "127.0.0.1", "[::]:80"}) {
        EXPECT_EQ(std::regex_search(address, pattern),
                  accepts("metrics: {listen: \"" + address + "\"}"))
            << address;
    }
}

// Reader and schema must not disagree about what a token may travel over.
TEST(Schema, agreesWithTheReaderOnApiEndpoints) {
    const auto pattern = pattern_at("/properties/api/properties/endpoint/pattern");
    for (const std::string url :
         {"https://h", "HTTPS://h/v1", "http://h/v1", "http://127.0.0.1/", "http://[::1]:80",
          "http://localhost", "http://localhost.example.com", "http://localhost:1/v1", "h"}) {
        EXPECT_EQ(std::regex_search(url, pattern), accepts("api: {endpoint: \"" + url + "\"}"))
            << url;
    }
}

TEST(Schema, agreesWithTheReaderOnLabels) {
    const std::string labels = "/properties/register/properties/labels/";
    const auto key_pattern = pattern_at(labels + "propertyNames/pattern");
    const auto value_pattern = pattern_at(labels + "additionalProperties/pattern");
    for (const std::string text :
         {"a", "role", "1", "a.b_c-D", "-a", "a-", "a b", "ä", "", "a/b", "a/b/c", "/a", "a/"}) {
        EXPECT_EQ(std::regex_search(text, key_pattern),
                  accepts("register: {labels: {\"" + text + "\": x}}"))
            << text;
        EXPECT_EQ(std::regex_search(text, value_pattern),
                  accepts("register: {labels: {x: \"" + text + "\"}}"))
            << text;
    }
}

TEST(Schema, saysWhichKeyHasToBeBesideAnother) {
    EXPECT_EQ(in_schema("/properties/metadata/allOf"), nlohmann::json::parse(R"([{
        "if": {"required": ["guard_users"], "properties": {"guard_users": {"not": {"const": []}}}},
        "then": {"required": ["guard"]}}])"));
}

TEST(Schema, describesTheKeysOfRecords) {
    const auto networks = in_schema("/properties/register/properties/networks");
    EXPECT_EQ(networks.at("default"), nlohmann::json::array());
    EXPECT_EQ(networks.at("maxItems"), 3);
    const auto& record = networks.at("/items/anyOf/1"_json_pointer);
    EXPECT_EQ(record.at("required"), nlohmann::json{"name"});
    EXPECT_EQ(record.at("additionalProperties"), false);
    std::set<std::string> keys;
    for (const auto& [name, key] : record.at("properties").items()) {
        keys.insert(name);
        EXPECT_TRUE(key.contains("type")) << name;
        EXPECT_GT(key.at("description").get<std::string>().size(), 10U) << name;
        EXPECT_EQ(key.contains("default"), name != "name") << name;
    }
    EXPECT_EQ(keys, (std::set<std::string>{"name", "ip", "alias_ips"}));
    EXPECT_EQ(in_schema("/properties/register/properties/load_balancers/items/anyOf/1/properties/"
                        "drain/default"),
              "10s");
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
    EXPECT_EQ(words, 4 + 2 + 5 + 4 + 4 + 6 + 6 + 3);
}

}  // namespace
}  // namespace hcloud::agent

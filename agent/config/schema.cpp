#include "agent/config/schema.h"

#include "agent/config/keys.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using Json = nlohmann::ordered_json;

struct ToJson {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(const auto& value) const { return value; }
};

/// Where "off" is a word, programs that read YAML 1.1 see false, and people write no.
Json words_schema(const config::Words& words) {
    Json schema{{"type", {"string"}}, {"enum", words}};
    if (std::find(words.begin(), words.end(), "off") != words.end()) {
        schema["type"].push_back("boolean");
        schema["enum"].push_back("no");
        schema["enum"].push_back(false);
    }
    return schema;
}

Json type_schema(const config::Duration&) {
    return {{"type", "string"}, {"pattern", "^[0-9]+(ms|s|m|h)$"}};
}

Json type_schema(const config::Endpoint& type) {
    return {{"type", "string"}, {"format", "uri"}, {"pattern", type.pattern}};
}

Json type_schema(const config::Path& type) {
    return {{"type", {"string", "null"}}, {"pattern", "^/"}, {"examples", {type.example}}};
}

Json type_schema(const config::Boolean&) {
    return {{"type", {"boolean", "string"}}, {"enum", {true, false, "yes", "no", "on", "off"}}};
}

Json type_schema(const config::Choice& type) {
    return words_schema(type.words);
}

Json type_schema(const config::FloatingList& type) {
    const Json item{{"type", "string"}, {"pattern", "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$"}};
    const Json list{{"type", "array"}, {"items", item}, {"uniqueItems", true}};
    return {{"type", {"string", "boolean", "array"}}, {"anyOf", {words_schema(type.words), list}}};
}

std::string one_line(std::string_view doc) {
    std::string line(doc);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

Json key_schema(const config::Key& key) {
    auto schema = std::visit([](const auto& kind) { return type_schema(kind); }, key.type);
    schema["description"] = one_line(key.doc) + " Accepts " + config::accepted(key.type) + ".";
    schema["default"] = std::visit(ToJson{}, config::value_of(key.type, Config{}));
    return schema;
}

/// null is an empty section: all of its keys are commented out.
Json object_schema(std::string_view description, Json properties) {
    return {{"type", {"object", "null"}},
            {"description", description},
            {"additionalProperties", false},
            {"properties", std::move(properties)}};
}

}  // namespace

std::string json_schema() {
    Json sections = Json::object();
    for (const auto& section : config::sections()) {
        Json keys = Json::object();
        for (const auto& key : section.keys)
            keys[std::string(key.name)] = key_schema(key);
        sections[std::string(section.name)] = object_schema(one_line(section.doc), std::move(keys));
        sections[std::string(section.name)]["default"] = Json::object();
    }
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "hcloud-agent"}};
    schema.update(object_schema("Configuration of hcloud-agent " HCLOUD_VERSION
                                ". Everything is optional.",
                                std::move(sections)));
    return schema.dump(2) + "\n";
}

}  // namespace hcloud::agent

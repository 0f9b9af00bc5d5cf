#include "agent/config/schema.h"

#include "agent/config/keys.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

using Json = nlohmann::ordered_json;

Json key_schema(const config::Key& key, const Config& defaults);

struct ToJson {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(const auto& value) const { return value; }
    Json operator()(const config::Mapping& mapping) const {
        Json object = Json::object();
        for (const auto& entry : mapping)
            object[entry.name] = std::visit(*this, entry.value);
        return object;
    }
    Json operator()(const std::vector<config::Mapping>& list) const {
        Json array = Json::array();
        for (const auto& mapping : list)
            array.push_back((*this)(mapping));
        return array;
    }
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

Json type_schema(const config::Percent&) {
    return {{"type", "string"}, {"pattern", "^[0-9]{1,2}%$"}};
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

Json type_schema(const config::Listen& type) {
    const Json address{{"type", "string"}, {"pattern", type.pattern}};
    return {{"type", {"string", "boolean"}}, {"anyOf", {words_schema(type.words), address}}};
}

Json type_schema(const config::UserList&) {
    const Json item{{"type", {"string", "integer"}}, {"minimum", 0}, {"maximum", 4294967294}};
    return {{"type", "array"}, {"items", item}};
}

Json name_schema() {
    return {{"type", {"string", "integer"}}, {"minLength", 1}, {"minimum", 1}};
}

Json type_schema(const config::Name&) {
    return name_schema();
}

Json type_schema(const config::HostName& type) {
    return {{"type", {"string", "null"}}, {"format", "hostname"}, {"examples", {type.example}}};
}

Json type_schema(const config::PrivateIp&) {
    return {{"type", {"string", "null"}}, {"format", "ipv4"}};
}

Json type_schema(const config::PrivateIps&) {
    const Json item{{"type", "string"}, {"format", "ipv4"}};
    return {{"type", "array"}, {"items", item}, {"uniqueItems", true}};
}

Json type_schema(const config::NameList& type) {
    return {{"type", "array"},
            {"items", name_schema()},
            {"maxItems", type.most},
            {"uniqueItems", true}};
}

/// Numbers and booleans are read as their text.
Json type_schema(const config::LabelMap&) {
    const Json value{{"type", {"string", "number", "boolean"}},
                     {"maxLength", 63},
                     {"pattern", "^([0-9A-Za-z]([0-9A-Za-z._-]*[0-9A-Za-z])?)?$"}};
    const Json key{{"pattern", "^([0-9A-Za-z.-]+/)?[0-9A-Za-z]([0-9A-Za-z._-]*[0-9A-Za-z])?$"}};
    return {{"type", "object"}, {"propertyNames", key}, {"additionalProperties", value}};
}

Json type_schema(const config::RecordList& type) {
    const auto defaults = config::with_default_record(type);
    Json properties = Json::object();
    for (const auto& key : type.keys)
        properties[std::string(key.name)] = key_schema(key, defaults);
    const auto& name = type.keys.front().name;
    properties[std::string(name)].erase("default");
    Json record{{"type", "object"},
                {"additionalProperties", false},
                {"required", {name}},
                {"properties", std::move(properties)}};
    Json item{{"anyOf", {name_schema(), std::move(record)}}};
    return {{"type", "array"}, {"items", std::move(item)}, {"maxItems", type.most}};
}

std::string one_line(std::string_view doc) {
    std::string line(doc);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

Json key_schema(const config::Key& key, const Config& defaults) {
    auto schema = std::visit([](const auto& kind) { return type_schema(kind); }, key.type);
    schema["description"] = one_line(key.doc) + " Accepts " + config::accepted(key.type) + ".";
    schema["default"] = std::visit(ToJson{}, config::value_of(key.type, defaults));
    return schema;
}

/// Beside a key that is set to something, the one that it needs is required.
Json need_schema(const config::Key& key) {
    const auto unset = std::visit(ToJson{}, config::value_of(key.type, Config{}));
    const Json set{{std::string(key.name), {{"not", {{"const", unset}}}}}};
    return {{"if", {{"required", Json::array({key.name})}, {"properties", set}}},
            {"then", {{"required", Json::array({key.needs})}}}};
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
            keys[std::string(key.name)] = key_schema(key, Config{});
        auto made = object_schema(one_line(section.doc), std::move(keys));
        made["default"] = Json::object();
        for (const auto& key : section.keys) {
            if (!key.needs.empty()) made["allOf"].push_back(need_schema(key));
        }
        sections[std::string(section.name)] = std::move(made);
    }
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "hcloud-agent"}};
    schema.update(object_schema("Configuration of hcloud-agent " HCLOUD_VERSION
                                ". Everything is optional.",
                                std::move(sections)));
    return schema.dump(2) + "\n";
}

}  // namespace hcloud::agent

#include "tests/simulator/state/object_reader.h"

#include "tests/simulator/values.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

using nlohmann::json;

ObjectReader::ObjectReader(const json& object, Pointer where)
    : object_(object), where_(std::move(where)) {
    if (!object_.is_object()) throw StateError(where_, "must be a mapping of keys to values");
}

const json* ObjectReader::find(const std::string& key) {
    known_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void ObjectReader::fail(const std::string& key, const std::string& reason) const {
    throw StateError(at(key), reason);
}

std::optional<std::string> ObjectReader::text(const std::string& key) {
    const json* const value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string())
        fail(key, fmt::format("must be text, not {}: quote it", value->dump()));
    return value->get<std::string>();
}

std::string ObjectReader::text(const std::string& key, const std::string& otherwise) {
    return text(key).value_or(otherwise);
}

std::string ObjectReader::required_text(const std::string& key) {
    const auto value = text(key);
    if (!value) throw StateError(where_, fmt::format("key '{}' is missing", key));
    return *value;
}

std::optional<std::int64_t> ObjectReader::integer(const std::string& key) {
    const json* const value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number_integer())
        fail(key, fmt::format("must be a whole number, not {}", value->dump()));
    return value->get<std::int64_t>();
}

bool ObjectReader::boolean(const std::string& key, bool otherwise) {
    const json* const value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_boolean())
        fail(key, fmt::format("must be true or false, not {}", value->dump()));
    return value->get<bool>();
}

std::optional<Time> ObjectReader::time(const std::string& key) {
    const auto written = text(key);
    if (!written) return std::nullopt;
    const auto time = parse_time(*written);
    if (!time) fail(key, fmt::format("must be like 2026-01-30T23:55:00Z, not '{}'", *written));
    return time;
}

std::chrono::milliseconds ObjectReader::duration(const std::string& key,
                                                 std::chrono::milliseconds otherwise) {
    const json* const value = find(key);
    if (value == nullptr) return otherwise;
    const auto duration =
        value->is_string() ? parse_duration(value->get<std::string>()) : std::nullopt;
    if (!duration)
        fail(key, fmt::format("must be a time such as 500ms or 5s, not {}", value->dump()));
    return *duration;
}

std::vector<std::string> ObjectReader::texts(const std::string& key) {
    const json* const value = find(key);
    if (value == nullptr) return {};
    const bool good =
        value->is_array() && std::all_of(value->begin(), value->end(),
                                         [](const json& item) { return item.is_string(); });
    if (!good) fail(key, "must be a list of texts");
    return value->get<std::vector<std::string>>();
}

std::vector<Id> ObjectReader::ids(const std::string& key) {
    std::vector<Id> ids;
    each(key, [&](const json& value, const Pointer& where) {
        if (!value.is_number_integer()) {
            throw StateError(where, fmt::format("must be an id, not {}", value.dump()));
        }
        ids.push_back(value.get<Id>());
    });
    return ids;
}

std::map<std::string, std::string> ObjectReader::mapping(const std::string& key) {
    const json* const value = find(key);
    if (value == nullptr) return {};
    if (!value->is_object()) fail(key, "must be a mapping of texts to texts");
    std::map<std::string, std::string> mapping;
    for (const auto& [name, content] : value->items()) {
        if (!content.is_string()) {
            throw StateError(at(key) / name,
                             fmt::format("must be text, not {}: quote it", content.dump()));
        }
        mapping[name] = content.get<std::string>();
    }
    return mapping;
}

std::string ObjectReader::choice(const std::string& key, const std::vector<std::string>& allowed,
                                 const std::string& otherwise) {
    const json* const value = find(key);
    if (value == nullptr) return otherwise;
    std::string text = value->is_string() ? value->get<std::string>() : value->dump();
    if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
        fail(key,
             fmt::format("must be one of {}, not {}", fmt::join(allowed, ", "), value->dump()));
    }
    return text;
}

void ObjectReader::entity(Entity& entity, const std::string& default_name) {
    entity.name = text("name", default_name);
    entity.labels = mapping("labels");
    entity.created = time("created").value_or(entity.created);
    entity.delete_protection = boolean("delete_protection", false);
}

void ObjectReader::each(const std::string& key, const ReadItem& read) {
    const json* const list = find(key);
    if (list == nullptr) return;
    if (!list->is_array()) fail(key, "must be a list");
    for (std::size_t i = 0; i < list->size(); ++i)
        read((*list)[i], at(key) / i);
}

void ObjectReader::each_id(const std::string& key, const ReadEntry& read) {
    const json* const entries = find(key);
    if (entries == nullptr) return;
    if (!entries->is_object()) fail(key, "must be a mapping whose keys are ids");
    for (const auto& [id, value] : entries->items())
        read(id_of(key, id), value, at(key) / id);
}

void ObjectReader::finish() const {
    for (const auto& [key, value] : object_.items()) {
        if (known_.count(key) == 0) {
            fail(key, fmt::format("unknown key; known here: {}", fmt::join(known_, ", ")));
        }
    }
}

Id ObjectReader::id_of(const std::string& key, const std::string& id) const {
    const auto number = parse_id(id);
    if (!number) throw StateError(at(key) / id, "is no id: ids are positive whole numbers");
    return *number;
}

json entity_document(const Entity& entity) {
    return {{"name", entity.name},
            {"labels", entity.labels},
            {"created", format_time(entity.created)},
            {"delete_protection", entity.delete_protection}};
}

}  // namespace hcloud::sim

#include "tests/simulator/object_reader.h"

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

Labels ObjectReader::labels(const std::string& key) {
    const json* const value = find(key);
    if (value == nullptr) return {};
    if (!value->is_object()) fail(key, "must be a mapping of labels to values");
    Labels labels;
    for (const auto& [label, content] : value->items()) {
        if (!content.is_string()) {
            throw StateError(at(key) / label,
                             fmt::format("must be text, not {}: quote it", content.dump()));
        }
        labels[label] = content.get<std::string>();
    }
    return labels;
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

}  // namespace hcloud::sim

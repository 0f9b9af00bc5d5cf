#include "actions/cloud/fields.h"

#include "actions/cloud/text.h"
#include "actions/cloud/timestamp.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

// Beyond it a double no longer tells whole numbers apart.
constexpr double kMostExact = 9007199254740992.0;  // 2^53

const char* name_of(const json& value) {
    switch (value.type()) {
        case json::value_t::null:
            return "null";
        case json::value_t::object:
            return "an object";
        case json::value_t::array:
            return "an array";
        case json::value_t::string:
            return "a string";
        case json::value_t::boolean:
            return "a boolean";
        default:
            return "a number";
    }
}

std::string nth(const char* key, std::size_t index) {
    return fmt::format("{}[{}]", key, index);
}

}  // namespace

Fields::Fields(const json& object, std::string path) : object_(&object), path_(std::move(path)) {
    if (!object.is_object()) {
        throw FieldError(fmt::format("{}expected an object, got {}",
                                     path_.empty() ? "" : path_ + ": ", name_of(object)));
    }
}

std::string Fields::path_of(const std::string& key) const {
    return path_.empty() ? key : path_ + "." + key;
}

void Fields::refuse(const std::string& key, const std::string& why) const {
    throw FieldError(path_of(key) + ": " + why);
}

void Fields::refuse_type(const std::string& key, const char* expected, const json& value) const {
    refuse(key, fmt::format("expected {}, got {}", expected, name_of(value)));
}

const json* Fields::find(const char* key) const {
    const auto found = object_->find(key);
    return found == object_->end() || found->is_null() ? nullptr : &*found;
}

const json& Fields::required(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) refuse(key, object_->contains(key) ? "is null" : "is missing");
    return *value;
}

const json* Fields::array(const char* key) const {
    const auto* value = find(key);
    if (value != nullptr && !value->is_array()) refuse_type(key, "an array", *value);
    return value;
}

std::int64_t Fields::id_of(const json& value, const std::string& key) const {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer()) refuse_type(key, "an id", value);
    if (value.is_number_unsigned() ? value.get<std::uint64_t>() > kMost
                                   : value.get<std::int64_t>() < 0) {
        refuse(key, "expected an id, got " + value.dump());
    }
    return value.get<std::int64_t>();
}

std::string Fields::text_of(const json& value, const std::string& key) const {
    if (!value.is_string()) refuse_type(key, "a string", value);
    return value.get<std::string>();
}

std::int64_t Fields::required_id(const char* key) const {
    return id_of(required(key), key);
}

std::string Fields::required_text(const char* key) const {
    return text_of(required(key), key);
}

Fields Fields::required_object(const char* key) const {
    return {required(key), path_of(key)};
}

std::int64_t Fields::required_integer(const char* key) const {
    required(key);
    return *integer(key);
}

std::vector<Fields> Fields::required_list(const char* key) const {
    required(key);
    return *list(key);
}

Timestamp Fields::required_timestamp(const char* key) const {
    required(key);
    return *timestamp(key);
}

std::optional<std::int64_t> Fields::id(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return id_of(*value, key);
}

std::optional<std::string> Fields::text(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return text_of(*value, key);
}

std::optional<bool> Fields::boolean(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_boolean()) refuse_type(key, "a boolean", *value);
    return value->get<bool>();
}

std::optional<double> Fields::number(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) refuse_type(key, "a number", *value);
    return value->get<double>();
}

std::optional<std::int64_t> Fields::integer(const char* key) const {
    const auto value = number(key);
    if (!value) return std::nullopt;
    if (std::floor(*value) != *value || std::abs(*value) > kMostExact) {
        refuse(key, "expected a whole number, got " + find(key)->dump());
    }
    return static_cast<std::int64_t>(*value);
}

std::optional<Timestamp> Fields::timestamp(const char* key) const {
    const auto value = text(key);
    if (!value) return std::nullopt;
    const auto time = parse_timestamp(*value);
    if (!time) refuse(key, in_quotes(*value) + " is no time");
    return time;
}

std::optional<Labels> Fields::labels(const char* key) const {
    const auto object_of_labels = object(key);
    if (!object_of_labels) return std::nullopt;
    Labels result;
    for (const auto& [name, value] : object_of_labels->object_->items()) {
        result[name] = object_of_labels->text_of(value, name);
    }
    return result;
}

std::optional<Fields> Fields::object(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return Fields(*value, path_of(key));
}

std::optional<std::vector<Fields>> Fields::list(const char* key) const {
    const auto* value = array(key);
    if (value == nullptr) return std::nullopt;
    std::vector<Fields> result;
    for (const auto& item : *value) {
        result.emplace_back(item, path_of(nth(key, result.size())));
    }
    return result;
}

std::optional<Ids> Fields::ids(const char* key) const {
    const auto* value = array(key);
    if (value == nullptr) return std::nullopt;
    Ids result;
    for (const auto& item : *value) {
        result.push_back(id_of(item, nth(key, result.size())));
    }
    return result;
}

std::optional<std::vector<std::string>> Fields::texts(const char* key) const {
    const auto* value = array(key);
    if (value == nullptr) return std::nullopt;
    std::vector<std::string> result;
    for (const auto& item : *value) {
        result.push_back(text_of(item, nth(key, result.size())));
    }
    return result;
}

std::optional<std::int64_t> Fields::id_or_null(const char* key) const {
    if (!object_->contains(key)) refuse(key, "is missing");
    return id(key);
}

}  // namespace hcloud::cloud

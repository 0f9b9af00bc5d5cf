#include "actions/cloud/fields.h"

#include <limits>

#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

using nlohmann::json;

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

}  // namespace

void Fields::refuse(const std::string& key, const std::string& why) const {
    throw FieldError(fmt::format("{}{}{}: {}", path_, path_.empty() ? "" : ".", key, why));
}

const json* Fields::find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
}

const json& Fields::required(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) refuse(key, object_.contains(key) ? "is null" : "is missing");
    return *value;
}

std::int64_t Fields::id_of(const json& value, const std::string& key) const {
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer()) {
        refuse(key, fmt::format("expected an id, got {}", name_of(value)));
    }
    if (value.is_number_unsigned() ? value.get<std::uint64_t>() > kMost
                                   : value.get<std::int64_t>() < 0) {
        refuse(key, "expected an id, got " + value.dump());
    }
    return value.get<std::int64_t>();
}

std::int64_t Fields::required_id(const char* key) const {
    return id_of(required(key), key);
}

std::string Fields::required_text(const char* key) const {
    const auto& value = required(key);
    if (!value.is_string()) refuse(key, fmt::format("expected a string, got {}", name_of(value)));
    return value.get<std::string>();
}

Fields Fields::required_object(const char* key) const {
    required(key);
    return *object(key);
}

std::optional<Fields> Fields::object(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_object())
        refuse(key, fmt::format("expected an object, got {}", name_of(*value)));
    return Fields(*value, path_.empty() ? key : path_ + "." + key);
}

std::optional<std::vector<std::int64_t>> Fields::ids(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_array()) refuse(key, fmt::format("expected an array, got {}", name_of(*value)));
    std::vector<std::int64_t> result;
    for (const auto& item : *value) {
        result.push_back(id_of(item, fmt::format("{}[{}]", key, result.size())));
    }
    return result;
}

std::optional<std::int64_t> Fields::id_or_null(const char* key) const {
    if (!object_.contains(key)) refuse(key, "is missing");
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return id_of(*value, key);
}

}  // namespace hcloud::cloud

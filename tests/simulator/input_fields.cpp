#include "tests/simulator/input_fields.h"

#include "tests/simulator/label_selector.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hcloud::sim {

namespace {

using nlohmann::json;

bool all_are(const json& list, bool (json::*is)() const noexcept) {
    return list.is_array() &&
           std::all_of(list.begin(), list.end(), [&](const json& item) { return (item.*is)(); });
}

ApiError invalid_input(const std::vector<std::pair<std::string, std::string>>& bad) {
    std::vector<std::string> names;
    json fields = json::array();
    for (const auto& [name, message] : bad) {
        names.push_back("'" + name + "'");
        fields.push_back({{"name", name}, {"messages", {message}}});
    }
    const std::string message = fmt::format("invalid input in field{} {}",
                                            bad.size() == 1 ? "" : "s", fmt::join(names, ", "));
    return {422, "invalid_input", message, {{"fields", fields}}};
}

}  // namespace

InputFields::InputFields(json object, std::string prefix)
    : body_(std::move(object)), prefix_(std::move(prefix)) {}

bool InputFields::has(const std::string& name) const {
    return body_.contains(name) && !body_[name].is_null();
}

bool InputFields::is_null(const std::string& name) const {
    return body_.contains(name) && body_[name].is_null();
}

const json* InputFields::find(const std::string& name, bool required) {
    const auto found = body_.find(name);
    if (found != body_.end() && !found->is_null()) return &*found;
    if (required) refuse(name, "Missing data for required field.");
    return nullptr;
}

Id InputFields::integer(const std::string& name) {
    if (find(name, true) == nullptr) return 0;
    return optional_integer(name).value_or(0);
}

std::optional<Id> InputFields::optional_integer(const std::string& name) {
    const json* const value = find(name, false);
    if (value == nullptr) return std::nullopt;
    if (value->is_number_integer()) return value->get<Id>();
    refuse(name, "Not a valid integer.");
    return std::nullopt;
}

std::string InputFields::required_text(const std::string& name) {
    if (find(name, true) == nullptr) return {};
    const auto value = text(name);
    if (value && value->empty()) refuse(name, "Field may not be empty.");
    return value.value_or("");
}

std::optional<std::string> InputFields::text(const std::string& name) {
    const json* const value = find(name, false);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return value->get<std::string>();
    refuse(name, "Not a valid string.");
    return std::nullopt;
}

std::optional<std::string> InputFields::reference(const std::string& name) {
    const json* const value = find(name, false);
    if (value != nullptr && value->is_number_integer()) return value->dump();
    return text(name);
}

std::string InputFields::required_reference(const std::string& name) {
    find(name, true);
    return reference(name).value_or("");
}

std::optional<bool> InputFields::boolean(const std::string& name) {
    const json* const value = find(name, false);
    if (value == nullptr) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    refuse(name, "Not a valid boolean.");
    return std::nullopt;
}

std::vector<std::string> InputFields::texts(const std::string& name, bool required) {
    const json* const value = find(name, required);
    if (value == nullptr) return {};
    if (all_are(*value, &json::is_string)) return value->get<std::vector<std::string>>();
    refuse(name, "Not a valid list of strings.");
    return {};
}

std::vector<Id> InputFields::integers(const std::string& name) {
    const json* const value = find(name, false);
    if (value == nullptr) return {};
    if (all_are(*value, &json::is_number_integer)) return value->get<std::vector<Id>>();
    refuse(name, "Not a valid list of integers.");
    return {};
}

std::optional<Labels> InputFields::labels() {
    const json* const value = find("labels", false);
    if (value == nullptr) return std::nullopt;
    const bool texts =
        value->is_object() && std::all_of(value->begin(), value->end(),
                                          [](const json& item) { return item.is_string(); });
    if (!texts) {
        refuse("labels", "Not a valid mapping of strings.");
        return std::nullopt;
    }
    auto labels = value->get<Labels>();
    if (const auto fault = fault_in_labels(labels)) refuse("labels", *fault);
    return labels;
}

std::string InputFields::choice(const std::string& name, const std::vector<std::string>& allowed,
                                const std::optional<std::string>& otherwise) {
    if (find(name, !otherwise) == nullptr) return otherwise.value_or("");
    const auto value = text(name);
    if (!value) return "";
    if (std::find(allowed.begin(), allowed.end(), *value) == allowed.end()) {
        refuse(name, fmt::format("Must be one of: {}.", fmt::join(allowed, ", ")));
    }
    return *value;
}

std::vector<InputFields> InputFields::objects(const std::string& name, bool required) {
    const json* const value = find(name, required);
    if (value == nullptr) return {};
    if (!all_are(*value, &json::is_object)) {
        refuse(name, "Not a valid list of objects.");
        return {};
    }
    std::vector<InputFields> parts;
    for (const json& item : *value)
        parts.emplace_back(item, fmt::format("{}{}.{}.", prefix_, name, parts.size()));
    return parts;
}

std::optional<InputFields> InputFields::object(const std::string& name, bool required) {
    const json* const value = find(name, required);
    if (value == nullptr) return std::nullopt;
    if (value->is_object()) return InputFields(*value, prefix_ + name + ".");
    refuse(name, "Not a valid object.");
    return std::nullopt;
}

void InputFields::absorb(const InputFields& part) {
    bad_.insert(bad_.end(), part.bad_.begin(), part.bad_.end());
}

void InputFields::refuse(const std::string& name, const std::string& message) {
    const auto fault = std::pair(prefix_ + name, message);
    // Some fields are read twice.
    if (std::find(bad_.begin(), bad_.end(), fault) == bad_.end()) bad_.push_back(fault);
}

void InputFields::finish() const {
    if (!bad_.empty()) throw invalid_input(bad_);
}

}  // namespace hcloud::sim

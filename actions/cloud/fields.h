// Typed access to the JSON of an answer; unknown keys are nobody's business.
#pragma once

#include "actions/cloud/types.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

/// Names the key: "server.private_net[0].ip: expected a string, got null".
class FieldError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A JSON object and how to name it in an error. The document outlives it.
class Fields {
  public:
    /// Throws FieldError if it is no object.
    Fields(const nlohmann::json& object, std::string path);

    // Each throws FieldError on a wrong type. std::nullopt: the key is missing or null; the
    // required ones throw then.
    std::int64_t required_id(const char* key) const;
    std::string required_text(const char* key) const;
    Fields required_object(const char* key) const;
    std::int64_t required_integer(const char* key) const;
    std::vector<Fields> required_list(const char* key) const;
    Timestamp required_timestamp(const char* key) const;
    std::optional<std::int64_t> id(const char* key) const;
    std::optional<std::string> text(const char* key) const;
    std::optional<bool> boolean(const char* key) const;
    std::optional<double> number(const char* key) const;
    std::optional<std::int64_t> integer(const char* key) const;  // 42 or 42.0
    std::optional<Timestamp> timestamp(const char* key) const;
    std::optional<Labels> labels(const char* key) const;
    std::optional<Fields> object(const char* key) const;
    std::optional<std::vector<Fields>> list(const char* key) const;  // of objects
    std::optional<Ids> ids(const char* key) const;
    std::optional<std::vector<std::string>> texts(const char* key) const;
    /// Null is an answer here; a missing key is none and throws.
    std::optional<std::int64_t> id_or_null(const char* key) const;

    /// Each object of a list, read by `read(Fields)`.
    template <typename Read>
    auto list_of(const char* key, Read read) const
        -> std::optional<std::vector<decltype(read(std::declval<Fields>()))>>;

    [[noreturn]] void refuse(const std::string& key, const std::string& why) const;

  private:
    const nlohmann::json* find(const char* key) const;  // nullptr if missing or null
    const nlohmann::json& required(const char* key) const;
    const nlohmann::json* array(const char* key) const;
    std::int64_t id_of(const nlohmann::json& value, const std::string& key) const;
    std::string text_of(const nlohmann::json& value, const std::string& key) const;
    std::string path_of(const std::string& key) const;
    [[noreturn]] void refuse_type(const std::string& key, const char* expected,
                                  const nlohmann::json& value) const;

    const nlohmann::json* object_;
    std::string path_;
};

template <typename Read>
auto Fields::list_of(const char* key, Read read) const
    -> std::optional<std::vector<decltype(read(std::declval<Fields>()))>> {
    const auto items = list(key);
    if (!items) return std::nullopt;
    std::vector<decltype(read(std::declval<Fields>()))> result;
    for (const auto& item : *items) {
        result.push_back(read(item));
    }
    return result;
}

}  // namespace hcloud::cloud

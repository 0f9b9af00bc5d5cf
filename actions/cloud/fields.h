// Typed access to the JSON of an answer; unknown keys are nobody's business. Internal to this
// folder.
#pragma once

#include "actions/cloud/client.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::cloud {

/// Names the key: "server.public_net: expected an object, got a string".
class FieldError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A JSON object and how to name it in an error. The document outlives it.
class Fields {
  public:
    Fields(const nlohmann::json& object, std::string path)
        : object_(object), path_(std::move(path)) {}

    // Each throws FieldError on a wrong type. The required ones also do when the key is missing or
    // null.
    std::int64_t required_id(const char* key) const;
    std::string required_text(const char* key) const;
    Fields required_object(const char* key) const;
    std::optional<Fields> object(const char* key) const;
    std::optional<std::vector<std::int64_t>> ids(const char* key) const;
    /// Null is an answer here; a missing key is none and throws.
    std::optional<std::int64_t> id_or_null(const char* key) const;

    [[noreturn]] void refuse(const std::string& key, const std::string& why) const;

  private:
    const nlohmann::json* find(const char* key) const;  // nullptr if missing or null
    const nlohmann::json& required(const char* key) const;
    std::int64_t id_of(const nlohmann::json& value, const std::string& key) const;

    const nlohmann::json& object_;
    std::string path_;
};

/// GETs `path`, hands the answer's `key` object to `read` and checks that the resource is the one
/// asked for. Throws cloud::Error.
template <typename Resource>
Resource get_resource(Client& client, const std::string& path, const char* key, std::int64_t id,
                      Resource (*read)(const Fields&)) {
    const auto answer = client.get(path);
    try {
        const auto fields = Fields(answer, "").required_object(key);
        auto resource = read(fields);
        if (resource.id != id) {
            fields.refuse(
                "id", "asked for " + std::to_string(id) + ", got " + std::to_string(resource.id));
        }
        return resource;
    } catch (const FieldError& error) {
        throw client.malformed(path, error.what());
    }
}

}  // namespace hcloud::cloud

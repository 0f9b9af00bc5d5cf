// Reads a JSON object key by key and refuses what nobody asked for.
#pragma once

#include "tests/simulator/state_json.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hcloud::sim {

/// Every call names a key that is legal here. null counts as absent. All throw StateError.
class ObjectReader {
  public:
    using Pointer = nlohmann::json::json_pointer;

    ObjectReader(const nlohmann::json& object, Pointer where);

    /// nullptr when absent.
    const nlohmann::json* find(const std::string& key);
    Pointer at(const std::string& key) const { return where_ / key; }
    [[noreturn]] void fail(const std::string& key, const std::string& reason) const;

    std::optional<std::string> text(const std::string& key);
    std::string text(const std::string& key, const std::string& otherwise);
    std::string required_text(const std::string& key);
    std::optional<std::int64_t> integer(const std::string& key);
    std::chrono::milliseconds duration(const std::string& key, std::chrono::milliseconds otherwise);
    std::vector<std::string> texts(const std::string& key);
    Labels labels(const std::string& key);
    /// One of `allowed`; a bare number (204) is taken as its text.
    std::string choice(const std::string& key, const std::vector<std::string>& allowed,
                       const std::string& otherwise);

    /// Calls `read(id, value, where)` for each entry of an object whose keys are ids.
    template <typename Read>
    void each_id(const std::string& key, Read read);

    /// Throws for the first key that no call has named.
    void finish() const;

  private:
    Id id_of(const std::string& key, const std::string& id) const;

    const nlohmann::json& object_;
    Pointer where_;
    std::set<std::string> known_;
};

template <typename Read>
void ObjectReader::each_id(const std::string& key, Read read) {
    const nlohmann::json* const entries = find(key);
    if (entries == nullptr) return;
    if (!entries->is_object()) fail(key, "must be a mapping whose keys are ids");
    for (const auto& [id, value] : entries->items()) {
        read(id_of(key, id), value, at(key) / id);
    }
}

}  // namespace hcloud::sim

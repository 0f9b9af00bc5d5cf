// Reads a JSON object of the state document key by key and refuses what nobody asked for.
#pragma once

#include "tests/simulator/state/entity.h"
#include "tests/simulator/state/error.h"

#include <cstdint>
#include <functional>
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
    using ReadItem = std::function<void(const nlohmann::json& value, const Pointer& where)>;
    using ReadEntry = std::function<void(Id id, const nlohmann::json& value, const Pointer& where)>;

    ObjectReader(const nlohmann::json& object, Pointer where);

    /// nullptr when absent.
    const nlohmann::json* find(const std::string& key);
    Pointer at(const std::string& key) const { return where_ / key; }
    [[noreturn]] void fail(const std::string& key, const std::string& reason) const;

    std::optional<std::string> text(const std::string& key);
    std::string text(const std::string& key, const std::string& otherwise);
    std::string required_text(const std::string& key);
    std::optional<std::int64_t> integer(const std::string& key);
    bool boolean(const std::string& key, bool otherwise);
    std::optional<Time> time(const std::string& key);
    std::chrono::milliseconds duration(const std::string& key, std::chrono::milliseconds otherwise);
    std::vector<std::string> texts(const std::string& key);
    std::vector<Id> ids(const std::string& key);
    /// Text to text, such as labels.
    std::map<std::string, std::string> mapping(const std::string& key);
    /// One of `allowed`; a bare number (204) is taken as its text.
    std::string choice(const std::string& key, const std::vector<std::string>& allowed,
                       const std::string& otherwise);
    /// name, labels, created and delete_protection.
    void entity(Entity& entity, const std::string& default_name);

    /// Calls `read` for each item of a list.
    void each(const std::string& key, const ReadItem& read);
    /// Calls `read` for each entry of an object whose keys are ids.
    void each_id(const std::string& key, const ReadEntry& read);

    /// These keys are legal, and somebody else reads them.
    void known(const std::vector<std::string>& keys) { known_.insert(keys.begin(), keys.end()); }
    /// Throws for the first key that no call has named.
    void finish() const;

  private:
    Id id_of(const std::string& key, const std::string& id) const;

    const nlohmann::json& object_;
    Pointer where_;
    std::set<std::string> known_;
};

/// What ObjectReader::entity() reads.
nlohmann::json entity_document(const Entity& entity);

template <typename T>
nlohmann::json or_null(const std::optional<T>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

}  // namespace hcloud::sim

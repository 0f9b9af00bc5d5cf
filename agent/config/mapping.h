// A YAML mapping, key by key.
#pragma once

#include "agent/config/problems.h"
#include "agent/config/suggest.h"

#include <cstddef>
#include <functional>
#include <string>

#include <yaml-cpp/node/node.h>

namespace hcloud::agent::config {

/// "a list"
std::string kind_of(const YAML::Node& node);

/// yaml-cpp puts a missing value where the next token is; the key says more.
Place place_of(const YAML::Node& value, const Place& key);

/// False, with a problem, for a node with an explicit tag.
bool is_plain(const YAML::Node& node, const Place& place, Problems& problems);

/// What a mapping's keys may be.
struct Scope {
    std::string path;  // empty at the top level
    Words known;
    Words later;  // of versions to come
};
using ReadKnown = std::function<void(std::size_t index, const Place&, const YAML::Node& value)>;
/// Calls `read` for each key that is known, once. Others are problems.
void read_keys(const YAML::Node& map, const Scope& scope, Problems& problems,
               const ReadKnown& read);

using ReadAny = std::function<void(const std::string& key, const Place&, const YAML::Node& value)>;
/// Calls `read` for each key, once. `hint` says what they are.
void read_mapping(const YAML::Node& map, const std::string& path, const std::string& hint,
                  Problems& problems, const ReadAny& read);

template <typename List>
Words names_of(const List& list) {
    Words names;
    for (const auto& entry : list)
        names.push_back(entry.name);
    return names;
}

}  // namespace hcloud::agent::config

#include "agent/config/mapping.h"

#include "agent/config/keys.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <yaml-cpp/node/impl.h>
#include <yaml-cpp/node/iterator.h>

namespace hcloud::agent::config {

namespace {

bool contains(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The sections that have a key of this name.
Words sections_with(std::string_view key) {
    Words found;
    for (const auto& section : sections()) {
        if (contains(names_of(section.keys), key)) found.push_back(section.name);
    }
    return found;
}

std::string known_here(const Scope& scope) {
    return fmt::format("known here: {}", fmt::join(scope.known, ", "));
}

std::string unknown_key_hint(const std::string& name, const Scope& scope) {
    if (name == "<<") return "merge keys are not supported: write the keys out";
    if (const auto near = nearest(name, scope.known))
        return fmt::format("did you mean '{}'?", *near);
    if (!scope.path.empty() && contains(names_of(sections()), name))
        return "it belongs at the top level: check the indentation";
    if (const auto others = sections_with(name); !others.empty())
        return "it belongs below " + one_of(others);
    return known_here(scope);
}

}  // namespace

std::string kind_of(const YAML::Node& node) {
    if (node.IsSequence()) return "a list";
    if (node.IsMap()) return "a mapping";
    return node.IsScalar() ? "a single value" : "nothing";
}

Place place_of(const YAML::Node& value, const Place& key) {
    return value.IsNull() ? key : Place{value.Mark(), key.path};
}

bool is_plain(const YAML::Node& node, const Place& place, Problems& problems) {
    const auto& tag = node.Tag();
    // yaml-cpp's words for plain and quoted scalars.
    if (tag.empty() || tag == "?" || tag == "!") return true;
    problems.report(place, "expected no YAML tag, got " + in_quotes(tag), "remove the tag");
    return false;
}

void read_mapping(const YAML::Node& map, const std::string& path, const std::string& hint,
                  Problems& problems, const ReadAny& read) {
    if (!is_plain(map, {map.Mark(), path}, problems)) return;
    std::map<std::string, int> lines;
    for (const auto& entry : map) {
        const auto mark = entry.first.Mark();
        if (!entry.first.IsScalar()) {
            problems.report({mark, path}, "expected a name as key, got " + kind_of(entry.first),
                            hint);
            continue;
        }
        const auto& name = entry.first.Scalar();
        const Place place{mark, path + (path.empty() ? "" : ".") + printable(name)};
        const auto [first, is_new] = lines.emplace(name, mark.line + 1);
        if (is_new) {
            read(name, place, entry.second);
        } else {
            problems.report(place, "expected each key once, got a duplicate",
                            fmt::format("keep one of this and line {}", first->second));
        }
    }
}

void read_keys(const YAML::Node& map, const Scope& scope, Problems& problems,
               const ReadKnown& read) {
    const auto read_one = [&](const std::string& name, const Place& place,
                              const YAML::Node& value) {
        const auto known = std::find(scope.known.begin(), scope.known.end(), name);
        if (known != scope.known.end()) {
            read(static_cast<std::size_t>(known - scope.known.begin()), place, value);
        } else if (contains(scope.later, name)) {
            problems.report(place, "not supported by this version (" HCLOUD_VERSION ")",
                            "remove it, or install a version that has it");
        } else {
            problems.report(place, "unknown key", unknown_key_hint(name, scope));
        }
    };
    read_mapping(map, scope.path, known_here(scope), problems, read_one);
}

}  // namespace hcloud::agent::config

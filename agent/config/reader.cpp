#include "agent/config/reader.h"

#include "agent/config/keys.h"
#include "agent/config/mapping.h"
#include "agent/config/problems.h"
#include "agent/config/value_reader.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <yaml-cpp/node/impl.h>
#include <yaml-cpp/node/iterator.h>

namespace hcloud::agent::config {

namespace {

/// Where the mapping has the key; nothing if it has it not.
std::optional<Place> find_key(const YAML::Node& map, const Place& place, std::string_view name) {
    for (const auto& entry : map) {
        if (entry.first.IsScalar() && entry.first.Scalar() == name)
            return Place{entry.first.Mark(), fmt::format("{}.{}", place.path, name)};
    }
    return std::nullopt;
}

void check_needs(const Section& section, const Place& place, const YAML::Node& value,
                 const Config& config, Problems& problems) {
    for (const auto& key : section.keys) {
        if (key.needs.empty() || find_key(value, place, key.needs)) continue;
        const auto where = find_key(value, place, key.name);
        if (!where || value_of(key.type, config) == value_of(key.type, Config{})) continue;
        problems.report(
            *where,
            fmt::format("expected {} beside it, got none: alone it does nothing", key.needs),
            fmt::format("set {} too, or remove this", key.needs));
    }
}

void read_section(const Section& section, const Place& place, const YAML::Node& value,
                  Config& config, Problems& problems) {
    if (value.IsNull()) return;  // all its keys are commented out
    if (value.IsMap()) {
        read_values(value, place.path, section.keys, config, problems);
        check_needs(section, place, value, config, problems);
        return;
    }
    problems.report(place_of(value, place), "expected keys with values, got " + kind_of(value),
                    fmt::format("write them below it, indented; known here: {}",
                                fmt::join(names_of(section.keys), ", ")));
}

}  // namespace

Config read_config(const YAML::Node& document, const std::string& name) {
    Config config;
    Problems problems(name);
    const auto names = names_of(sections());
    if (document.IsMap()) {
        read_keys(document, {"", names, later_sections()}, problems,
                  [&](std::size_t i, const Place& place, const YAML::Node& value) {
                      read_section(sections()[i], place, value, config, problems);
                  });
    } else if (!document.IsNull()) {
        problems.report({document.Mark(), ""},
                        "expected sections at the top level, got " + kind_of(document),
                        fmt::format("begin with one of {}, and a colon", fmt::join(names, ", ")));
    }
    problems.throw_if_any();
    return config;
}

}  // namespace hcloud::agent::config

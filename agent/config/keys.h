// The table of keys: name, type, bounds, explanation and place in Config of each, once. Reading,
// `config show`, the JSON Schema and the sample file are all made from it; the defaults are
// Config's initialisers.
#pragma once

#include "agent/config/config.h"
#include "agent/config/suggest.h"
#include "agent/config/values.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hcloud::agent::config {

template <typename T>
using Field = T& (*)(Config&);

struct Duration {
    Field<std::chrono::milliseconds> field;
    std::chrono::milliseconds min;
    std::chrono::milliseconds max;
};

struct Endpoint {
    Field<std::string> field;
    Parsed<std::string> (*parse)(const std::string&);
    std::string_view scheme;   // "an http:// URL"
    std::string_view pattern;  // of the JSON Schema
};

struct Path {
    Field<std::string> field;
    std::string_view example;
    std::string_view hint;
};

struct Boolean {
    Field<bool> field;
};

/// One word of several; the n-th stands for the n-th enumerator. Where "off" is one of them, what
/// YAML 1.1 takes for the same (false, no) is accepted too.
struct Choice {
    Words words;
    std::function<std::size_t(Config&)> get;
    std::function<void(Config&, std::size_t)> set;
};

/// One word of several, or a list of floating IPs.
struct FloatingList {
    Field<FloatingIps> field;
    Words words;
};

using Type = std::variant<Duration, Endpoint, Path, Boolean, Choice, FloatingList>;

struct Key {
    std::string_view name;
    std::string_view doc;  // whole sentences; a newline where the sample file breaks the line
    Type type;
};

struct Section {
    std::string_view name;
    std::string_view doc;
    std::vector<Key> keys;
    Words later;  // keys of the public contract that this version does not know yet
};

const std::vector<Section>& sections();
/// Sections of the public contract that this version does not know yet.
const Words& later_sections();

/// "a duration such as 10s or 500ms", for error texts.
std::string expected(const Type& type);
/// "a duration from 100ms to 1h", for documentation.
std::string accepted(const Type& type);

/// Puts a scalar's text into its place, or says why not and leaves `config` as it is.
std::optional<Refusal> assign(const Type& type, const std::string& text, Config& config);

/// What a key is set to, as YAML and JSON know values. std::monostate: not set.
using Value = std::variant<std::monostate, bool, std::string, std::vector<std::string>>;
Value value_of(const Type& type, const Config& config);

}  // namespace hcloud::agent::config

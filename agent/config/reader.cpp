#include "agent/config/reader.h"

#include "agent/config/error.h"
#include "agent/config/keys.h"
#include "agent/config/suggest.h"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/node/impl.h>
#include <yaml-cpp/node/iterator.h>

namespace hcloud::agent::config {

namespace {

constexpr std::size_t kMostProblems = 100;

/// Where something is: in the text, and by name.
struct Place {
    YAML::Mark mark;
    std::string path;
};

/// A mapping's keys: those that it may have, and what is done with the value of each.
struct Scope {
    std::string path;
    Words known;
    Words later;
    std::function<void(std::size_t index, const Place&, const YAML::Node& value)> read;
};

std::string kind_of(const YAML::Node& node) {
    if (node.IsSequence()) return "a list";
    if (node.IsMap()) return "a mapping";
    return node.IsScalar() ? "a single value" : "nothing";
}

/// yaml-cpp puts a missing value where the next token is; the key says more.
Place place_of(const YAML::Node& value, const Place& key) {
    return value.IsNull() ? key : Place{value.Mark(), key.path};
}

template <typename List>
Words names_of(const List& list) {
    Words names;
    for (const auto& entry : list)
        names.push_back(entry.name);
    return names;
}

/// The sections that have a key of this name.
Words sections_with(std::string_view key) {
    Words found;
    for (const auto& section : sections()) {
        const auto names = names_of(section.keys);
        if (std::find(names.begin(), names.end(), key) != names.end())
            found.push_back(section.name);
    }
    return found;
}

std::string unknown_key_hint(const std::string& name, const Scope& scope) {
    if (name == "<<") return "merge keys are not supported: write the keys out";
    if (const auto near = nearest(name, scope.known))
        return fmt::format("did you mean '{}'?", *near);
    const auto all = names_of(sections());
    if (!scope.path.empty() && std::find(all.begin(), all.end(), name) != all.end()) {
        return "it belongs at the top level: check the indentation";
    }
    if (const auto others = sections_with(name); !others.empty())
        return "it belongs below " + one_of(others);
    return fmt::format("known here: {}", fmt::join(scope.known, ", "));
}

class Reader {
  public:
    explicit Reader(const std::string& name) : name_(name) {}
    Config read(const YAML::Node& document);

  private:
    void read_map(const YAML::Node& map, const Scope& scope);
    void read_entry(const std::string& name, const Place& place, const YAML::Node& value,
                    const Scope& scope);
    void read_section(const Section& section, const Place& place, const YAML::Node& value);
    void read_value(const Type& type, const Place& place, const YAML::Node& value);
    void read_list(const FloatingList& type, const Place& place, const YAML::Node& list);
    bool is_plain(const YAML::Node& node, const Place& place);
    void report(const Place& place, std::string text, std::string hint);
    void throw_if_problems();

    const std::string& name_;
    Config config_;
    std::vector<ConfigError::Problem> problems_;
    std::size_t unlisted_ = 0;
};

Config Reader::read(const YAML::Node& document) {
    const auto names = names_of(sections());
    const Scope top{"", names, later_sections(),
                    [this](std::size_t i, const Place& place, const YAML::Node& value) {
                        read_section(sections()[i], place, value);
                    }};
    if (document.IsMap()) {
        read_map(document, top);
    } else if (!document.IsNull()) {
        report({document.Mark(), ""},
               "expected sections at the top level, got " + kind_of(document),
               fmt::format("begin with one of {}, and a colon", fmt::join(names, ", ")));
    }
    throw_if_problems();
    return config_;
}

void Reader::read_map(const YAML::Node& map, const Scope& scope) {
    if (!is_plain(map, {map.Mark(), scope.path})) return;
    std::map<std::string, int> lines;
    for (const auto& entry : map) {
        const auto mark = entry.first.Mark();
        if (!entry.first.IsScalar()) {
            report({mark, scope.path}, "expected a name as key, got " + kind_of(entry.first),
                   fmt::format("known here: {}", fmt::join(scope.known, ", ")));
            continue;
        }
        const auto& name = entry.first.Scalar();
        const Place place{mark, scope.path + (scope.path.empty() ? "" : ".") + printable(name)};
        const auto [first, is_new] = lines.emplace(name, mark.line + 1);
        if (is_new) {
            read_entry(name, place, entry.second, scope);
        } else {
            report(place, "expected each key once, got a duplicate",
                   fmt::format("keep one of this and line {}", first->second));
        }
    }
}

void Reader::read_entry(const std::string& name, const Place& place, const YAML::Node& value,
                        const Scope& scope) {
    const auto known = std::find(scope.known.begin(), scope.known.end(), name);
    if (known != scope.known.end()) {
        scope.read(static_cast<std::size_t>(known - scope.known.begin()), place, value);
    } else if (std::find(scope.later.begin(), scope.later.end(), name) != scope.later.end()) {
        report(place, "not supported by this version (" HCLOUD_VERSION ")",
               "remove it, or install a version that has it");
    } else {
        report(place, "unknown key", unknown_key_hint(name, scope));
    }
}

void Reader::read_section(const Section& section, const Place& place, const YAML::Node& value) {
    if (value.IsNull()) return;  // all its keys are commented out
    const auto names = names_of(section.keys);
    if (value.IsMap()) {
        read_map(value, {place.path, names, section.later,
                         [&](std::size_t i, const Place& key, const YAML::Node& node) {
                             read_value(section.keys[i].type, key, node);
                         }});
        return;
    }
    report(place_of(value, place), "expected keys with values, got " + kind_of(value),
           fmt::format("write them below it, indented; known here: {}", fmt::join(names, ", ")));
}

void Reader::read_value(const Type& type, const Place& place, const YAML::Node& value) {
    const Place where = place_of(value, place);
    if (!is_plain(value, where)) return;
    const auto* path = std::get_if<Path>(&type);
    const auto* floating = std::get_if<FloatingList>(&type);
    if (value.IsScalar()) {
        if (auto refusal = assign(type, value.Scalar(), config_))
            report(where, refusal->text, refusal->hint);
    } else if (value.IsNull() && path != nullptr) {
        path->field(config_).clear();
    } else if (value.IsSequence() && floating != nullptr) {
        read_list(*floating, place, value);
    } else {
        report(where, fmt::format("expected {}, got {}", expected(type), kind_of(value)),
               value.IsNull() ? "write a value, or remove the key" : "write a single value");
    }
}

void Reader::read_list(const FloatingList& type, const Place& place, const YAML::Node& list) {
    std::vector<host::Prefix> found;
    std::map<host::IpAddress, std::string> seen;
    std::size_t index = 0;
    for (const auto& item : list) {
        const Place where{item.Mark(), fmt::format("{}[{}]", place.path, index++)};
        if (!is_plain(item, where)) continue;
        if (!item.IsScalar()) {
            report(where, "expected an IP address, got " + kind_of(item),
                   "write an address such as 203.0.113.5");
            continue;
        }
        const auto parsed = parse_floating_ip(item.Scalar());
        if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
            report(where, refusal->text, refusal->hint);
            continue;
        }
        const auto& prefix = std::get<host::Prefix>(parsed);
        const auto [first, is_new] = seen.emplace(prefix.address, where.path);
        if (is_new) {
            found.push_back(prefix);
        } else {
            report(where, "expected each address once, got " + quoted(item.Scalar()) + " again",
                   "remove it: it is " + first->second + " already");
        }
    }
    type.field(config_) = std::move(found);
}

/// False, with a problem, for a node with an explicit tag: "?" and "!" are what yaml-cpp calls
/// plain and quoted ones.
bool Reader::is_plain(const YAML::Node& node, const Place& place) {
    const auto& tag = node.Tag();
    if (tag.empty() || tag == "?" || tag == "!") return true;
    report(place, "expected no YAML tag, got " + quoted(tag), "remove the tag");
    return false;
}

void Reader::report(const Place& place, std::string text, std::string hint) {
    if (problems_.size() == kMostProblems) {
        ++unlisted_;
        return;
    }
    problems_.push_back({name_, place.mark.line + 1, place.mark.column + 1, place.path,
                         std::move(text), std::move(hint)});
}

void Reader::throw_if_problems() {
    if (problems_.empty()) return;
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    if (unlisted_ > 0) {
        problems_.push_back(
            {name_, 0, 0, "", fmt::format("and {} more problems", unlisted_), "mend these first"});
    }
    throw ConfigError(std::move(problems_));
}

}  // namespace

Config read_config(const YAML::Node& document, const std::string& name) {
    return Reader(name).read(document);
}

}  // namespace hcloud::agent::config

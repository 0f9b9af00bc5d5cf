#include "agent/config/value_reader.h"

#include "agent/config/label.h"
#include "agent/config/mapping.h"
#include "agent/config/names.h"
#include "agent/config/users.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace hcloud::agent::config {

namespace {

constexpr auto kNoLimit = static_cast<std::size_t>(-1);

/// What the items of a list are.
template <typename T>
struct Items {
    Parsed<T> (*parse)(const std::string&);
    std::string (*identity)(const T&);
    std::string_view expected;  // "an IP address"
    std::string_view hint;
    std::string_view one;  // "address": each once; empty: as often as one likes
    std::size_t most = kNoLimit;
};

template <typename T>
constexpr bool kIsList = std::is_same_v<T, UserList> || std::is_same_v<T, PrivateIps> ||
                         std::is_same_v<T, NameList> || std::is_same_v<T, RecordList>;

/// What to do about a value of the wrong kind.
template <typename T>
std::string_view remedy(const T&) {
    return kIsList<T> ? "write a list" : "write a single value";
}
std::string_view remedy(const LabelMap&) {
    return "write keys, each with a colon and a value";
}

class ValueReader {
  public:
    ValueReader(Config& config, Problems& problems) : config_(config), problems_(problems) {}

    void read_keys(const YAML::Node& map, const std::string& path, const std::vector<Key>& keys);

  private:
    void read_value(const Type& type, const Place& key, const YAML::Node& value);

    /// What is no scalar; false if it is not of this type's kind.
    template <typename T>
    bool read_parts(const T&, const Place&, const YAML::Node&) {
        return false;
    }
    bool read_parts(const FloatingList& type, const Place& place, const YAML::Node& value);
    bool read_parts(const UserList& type, const Place& place, const YAML::Node& value);
    bool read_parts(const PrivateIps& type, const Place& place, const YAML::Node& value);
    bool read_parts(const NameList& type, const Place& place, const YAML::Node& value);
    bool read_parts(const LabelMap& type, const Place& place, const YAML::Node& value);
    bool read_parts(const RecordList& type, const Place& place, const YAML::Node& value);

    template <typename T>
    std::vector<T> read_items(const Items<T>& kind, const Place& place, const YAML::Node& list);
    void read_record(const RecordList& type, const Place& place, const YAML::Node& record);
    void read_label(const LabelMap& type, const std::string& label, const Place& place,
                    const YAML::Node& value);

    template <typename Read>
    void for_each_item(std::string_view one, std::size_t most, const Place& place,
                       const YAML::Node& list, Read read);
    /// False, with a problem, if `seen` has it already.
    bool is_first(std::map<std::string, std::string>& seen, const std::string& identity,
                  const Place& place, std::string_view one, const std::string& text);
    bool passes(const std::optional<Refusal>& refusal, const Place& place);

    Config& config_;
    Problems& problems_;
};

void ValueReader::read_keys(const YAML::Node& map, const std::string& path,
                            const std::vector<Key>& keys) {
    config::read_keys(map, {path, names_of(keys), {}}, problems_,
                      [&](std::size_t i, const Place& place, const YAML::Node& value) {
                          read_value(keys[i].type, place, value);
                      });
}

void ValueReader::read_value(const Type& type, const Place& key, const YAML::Node& value) {
    const Place place = place_of(value, key);
    if (!is_plain(value, place, problems_)) return;
    if (value.IsScalar()) {
        passes(assign(type, value.Scalar(), config_), place);
    } else if (value.IsNull()) {
        if (unset(type, config_)) return;
        problems_.report(place, fmt::format("expected {}, got nothing", expected(type)),
                         "write a value, or remove the key");
    } else if (!std::visit([&](const auto& kind) { return read_parts(kind, place, value); },
                           type)) {
        problems_.report(
            place, fmt::format("expected {}, got {}", expected(type), kind_of(value)),
            std::string(std::visit([](const auto& kind) { return remedy(kind); }, type)));
    }
}

template <typename Read>
void ValueReader::for_each_item(std::string_view one, std::size_t most, const Place& place,
                                const YAML::Node& list, Read read) {
    std::size_t index = 0;
    for (const auto& item : list) {
        const Place where{item.Mark(), fmt::format("{}[{}]", place.path, index)};
        if (index++ == most) {
            problems_.report(where,
                             fmt::format("expected at most {} {}s, got {}", most, one, list.size()),
                             "remove some");
            return;
        }
        if (is_plain(item, where, problems_)) read(where, item);
    }
}

bool ValueReader::is_first(std::map<std::string, std::string>& seen, const std::string& identity,
                           const Place& place, std::string_view one, const std::string& text) {
    const auto [first, is_new] = seen.emplace(identity, place.path);
    if (is_new) return true;
    problems_.report(place,
                     fmt::format("expected each {} once, got {} again", one, in_quotes(text)),
                     "remove it: it is " + first->second + " already");
    return false;
}

bool ValueReader::passes(const std::optional<Refusal>& refusal, const Place& place) {
    if (refusal) problems_.report(place, refusal->text, refusal->hint);
    return !refusal;
}

template <typename T>
std::vector<T> ValueReader::read_items(const Items<T>& kind, const Place& place,
                                       const YAML::Node& list) {
    std::vector<T> found;
    std::map<std::string, std::string> seen;
    for_each_item(
        kind.one, kind.most, place, list, [&](const Place& where, const YAML::Node& item) {
            if (!item.IsScalar()) {
                problems_.report(where,
                                 fmt::format("expected {}, got {}", kind.expected, kind_of(item)),
                                 std::string(kind.hint));
                return;
            }
            auto parsed = kind.parse(item.Scalar());
            if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
                problems_.report(where, refusal->text, refusal->hint);
                return;
            }
            auto& value = std::get<T>(parsed);
            const bool is_wanted = kind.one.empty() || is_first(seen, kind.identity(value), where,
                                                                kind.one, item.Scalar());
            if (is_wanted) found.push_back(std::move(value));
        });
    return found;
}

bool ValueReader::read_parts(const FloatingList& type, const Place& place,
                             const YAML::Node& value) {
    if (!value.IsSequence()) return false;
    const Items<host::Prefix> kind{
        parse_floating_ip, [](const host::Prefix& p) { return p.address.to_string(); },
        "an IP address", "write an address such as 203.0.113.5", "address"};
    type.field(config_) = read_items(kind, place, value);
    return true;
}

bool ValueReader::read_parts(const UserList& type, const Place& place, const YAML::Node& value) {
    if (!value.IsSequence()) return false;
    const Items<User> kind{parse_user, nullptr, "a user", "write a name or a number", ""};
    type.field(config_) = read_items(kind, place, value);
    return true;
}

bool ValueReader::read_parts(const PrivateIps& type, const Place& place, const YAML::Node& value) {
    if (!value.IsSequence()) return false;
    const Items<host::IpAddress> kind{
        parse_private_ip, [](const host::IpAddress& ip) { return ip.to_string(); },
        "a private IPv4 address", "write an address such as 10.0.0.100", "address"};
    type.field(config_) = read_items(kind, place, value);
    return true;
}

bool ValueReader::read_parts(const NameList& type, const Place& place, const YAML::Node& value) {
    if (!value.IsSequence()) return false;
    const Items<std::string> kind{parse_name,        [](const std::string& name) { return name; },
                                  "a name or an id", "write the name or id alone",
                                  type.one,          type.most};
    type.field(config_) = read_items(kind, place, value);
    return true;
}

bool ValueReader::read_parts(const RecordList& type, const Place& place, const YAML::Node& value) {
    if (!value.IsSequence()) return false;
    std::map<std::string, std::string> seen;
    const std::string name_key(type.keys.front().name);
    for_each_item(
        type.one, type.most, place, value, [&](const Place& where, const YAML::Node& record) {
            if (!record.IsMap() && !record.IsScalar()) {
                problems_.report(where,
                                 fmt::format("expected a {}, got {}", type.one, kind_of(record)),
                                 fmt::format("write its {} or id, or keys with values", name_key));
                return;
            }
            const YAML::Node name = record.IsMap() ? record[name_key] : record;
            if (!name.IsDefined()) {
                problems_.report(where, fmt::format("expected the key '{}', got none", name_key),
                                 fmt::format("add the {}'s name or id", type.one));
            } else if (name.IsScalar()) {
                is_first(seen, name.Scalar(), where, type.one, name.Scalar());
            }
            read_record(type, where, record);
        });
    return true;
}

void ValueReader::read_record(const RecordList& type, const Place& place,
                              const YAML::Node& record) {
    type.access.append(config_);
    if (record.IsMap()) {
        read_keys(record, place.path, type.keys);
    } else {
        read_value(type.keys.front().type, place, record);
    }
    const auto clash = type.check == nullptr ? std::nullopt : type.check(config_);
    if (!clash) return;
    const std::string key(clash->key);
    const YAML::Node culprit = record[key];
    passes(clash->refusal, {culprit.Mark(), place.path + "." + key});
}

bool ValueReader::read_parts(const LabelMap& type, const Place& place, const YAML::Node& value) {
    if (!value.IsMap()) return false;
    read_mapping(value, place.path, "write a label's key, such as role", problems_,
                 [&](const std::string& label, const Place& where, const YAML::Node& node) {
                     read_label(type, label, where, node);
                 });
    return true;
}

void ValueReader::read_label(const LabelMap& type, const std::string& label, const Place& place,
                             const YAML::Node& value) {
    const bool good_key = passes(check_label_key(label), place);
    const Place where = place_of(value, place);
    if (!is_plain(value, where, problems_)) return;
    if (!value.IsScalar()) {
        problems_.report(where, "expected a label value, got " + kind_of(value),
                         "write a single value, or '' for an empty one");
        return;
    }
    if (passes(check_label_value(value.Scalar()), where) && good_key)
        type.field(config_)[label] = value.Scalar();
}

}  // namespace

void read_values(const YAML::Node& map, const std::string& path, const std::vector<Key>& keys,
                 Config& config, Problems& problems) {
    ValueReader(config, problems).read_keys(map, path, keys);
}

}  // namespace hcloud::agent::config

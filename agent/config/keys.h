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
#include <map>
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

/// A share in percent.
struct Percent {
    Field<int> field;
    int min;
    int max;
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

/// A loopback address and a port, or the word "off", which leaves the field empty.
struct Listen {
    Field<std::string> field;
    Words words;
    std::string_view pattern;  // of the JSON Schema
};

/// A list of users, by name or number.
struct UserList {
    Field<std::vector<User>> field;
};

/// The name of something in the project, or its id.
struct Name {
    Field<std::string> field;
};

struct HostName {
    Field<std::string> field;  // empty: not set
    std::string_view example;
};

/// An address in a private network.
struct PrivateIp {
    Field<std::optional<host::IpAddress>> field;  // nothing: not set
};

struct PrivateIps {
    Field<std::vector<host::IpAddress>> field;
};

/// Names or ids, each once.
struct NameList {
    Field<std::vector<std::string>> field;
    std::string_view one;  // what each is: "firewall"
    std::string_view example;
    std::size_t most;
};

/// Keys and values in the API's grammar of labels.
struct LabelMap {
    Field<std::map<std::string, std::string>> field;
    std::string_view example;
};

struct Key;

/// A value that does not go together with others, below one of a record's keys.
struct Clash {
    std::string_view key;
    Refusal refusal;
};

/// A list of mappings that have keys of their own. The fields of those are in the list's last
/// record: it is appended before they are read. The first key is the record's name: it is
/// required, no two records have the same, and alone it may stand for a whole record.
struct RecordList {
    struct Access {
        void (*append)(Config&);
        void (*drop_last)(Config&);
        std::size_t (*count)(const Config&);
    };
    std::string_view one;  // what each is: "network"
    std::string_view example;
    std::size_t most;
    std::vector<Key> keys;
    Access access;
    std::optional<Clash> (*check)(const Config&);  // of the last record; may be null
};

using Type =
    std::variant<Duration, Percent, Endpoint, Path, Boolean, Choice, FloatingList, Listen, UserList,
                 Name, HostName, PrivateIp, PrivateIps, NameList, LabelMap, RecordList>;

struct Key {
    std::string_view name;
    std::string_view doc;  // whole sentences; a newline where the sample file breaks the line
    Type type;
    std::string_view needs = {};  // the key that has to be beside it, once it is set to something
};

struct Section {
    std::string_view name;
    std::string_view doc;
    std::vector<Key> keys;
};

const std::vector<Section>& sections();
/// Sections of the public contract that this version does not know yet.
const Words& later_sections();

/// "a duration such as 10s or 500ms", for error texts.
std::string expected(const Type& type);
/// "a duration from 100ms to 1h", for documentation.
std::string accepted(const Type& type);
/// A value to show of a key whose default tells nothing; else empty.
std::string_view example(const Type& type);

/// Puts a scalar's text into its place, or says why not and leaves `config` as it is.
std::optional<Refusal> assign(const Type& type, const std::string& text, Config& config);
/// Makes the key not set. False for one that always has a value.
bool unset(const Type& type, Config& config);

struct Entry;
using Mapping = std::vector<Entry>;
/// What a key is set to, as YAML and JSON know values. std::monostate: not set.
using Value = std::variant<std::monostate, bool, std::string, std::vector<std::string>, Mapping,
                           std::vector<Mapping>>;
struct Entry {
    std::string name;
    Value value;
    bool operator==(const Entry&) const = default;
};
Value value_of(const Type& type, const Config& config);

/// The defaults, with one record in the list: what the record's keys are by default.
Config with_default_record(const RecordList& type);

}  // namespace hcloud::agent::config

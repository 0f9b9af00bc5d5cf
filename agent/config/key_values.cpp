// What each type of key is set to.
#include "agent/config/keys.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

Value value_at(const Type& type, Config& config);

Value value_in(const Duration& type, Config& config) {
    return to_text(type.field(config));
}
Value value_in(const Percent& type, Config& config) {
    return fmt::format("{}%", type.field(config));
}
Value value_in(const Endpoint& type, Config& config) {
    return type.field(config);
}
Value value_in(const Boolean& type, Config& config) {
    return type.field(config);
}
Value value_in(const Choice& type, Config& config) {
    return std::string(type.words.at(type.get(config)));
}
Value value_in(const Name& type, Config& config) {
    return type.field(config);
}
Value value_in(const NameList& type, Config& config) {
    return type.field(config);
}

Value unless_empty(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}
Value value_in(const Path& type, Config& config) {
    return unless_empty(type.field(config));
}
Value value_in(const HostName& type, Config& config) {
    return unless_empty(type.field(config));
}

Value value_in(const Listen& type, Config& config) {
    const auto& address = type.field(config);
    return address.empty() ? std::string(type.words.front()) : address;
}

template <typename List, typename ToText>
std::vector<std::string> texts(const List& list, ToText to_text) {
    std::vector<std::string> found;
    std::transform(list.begin(), list.end(), std::back_inserter(found), to_text);
    return found;
}

Value value_in(const FloatingList& type, Config& config) {
    const auto& value = type.field(config);
    if (const auto* mode = std::get_if<FloatingIpsMode>(&value)) {
        return std::string(type.words.at(static_cast<std::size_t>(*mode)));
    }
    return texts(std::get<std::vector<host::Prefix>>(value),
                 [](const host::Prefix& prefix) { return to_text(prefix); });
}

Value value_in(const UserList& type, Config& config) {
    return texts(type.field(config), [](const User& user) { return user.name; });
}

Value value_in(const PrivateIp& type, Config& config) {
    const auto& address = type.field(config);
    return address ? Value(address->to_string()) : Value();
}

Value value_in(const PrivateIps& type, Config& config) {
    return texts(type.field(config),
                 [](const host::IpAddress& address) { return address.to_string(); });
}

Value value_in(const LabelMap& type, Config& config) {
    Mapping mapping;
    for (const auto& [key, value] : type.field(config))
        mapping.push_back({key, value});
    return mapping;
}

/// Takes the records off the list, the last one first: their fields are in the last one.
Value value_in(const RecordList& type, Config& config) {
    std::vector<Mapping> records;
    for (; type.access.count(config) > 0; type.access.drop_last(config)) {
        auto& record = records.emplace_back();
        for (const auto& key : type.keys)
            record.push_back({std::string(key.name), value_at(key.type, config)});
    }
    std::reverse(records.begin(), records.end());
    return records;
}

Value value_at(const Type& type, Config& config) {
    return std::visit([&](const auto& kind) { return value_in(kind, config); }, type);
}

}  // namespace

Value value_of(const Type& type, const Config& config) {
    Config copy = config;  // the table's accessors give references to write through
    return value_at(type, copy);
}

Config with_default_record(const RecordList& type) {
    Config config;
    type.access.append(config);
    return config;
}

}  // namespace hcloud::agent::config

// How a text is put into the place of each type of key.
#include "agent/config/keys.h"
#include "agent/config/names.h"

#include <type_traits>
#include <utility>

namespace hcloud::agent::config {

namespace {

template <typename T, typename Place>
std::optional<Refusal> store(Parsed<T> parsed, Place& field) {
    if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
    field = std::move(std::get<T>(parsed));
    return std::nullopt;
}

std::optional<std::size_t> index_of(std::string_view text, const Words& words) {
    const bool means_off = parse_boolean(text) == false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == text || (means_off && words[i] == "off")) return i;
    }
    return std::nullopt;
}

Refusal unknown_word(const std::string& expectation, const std::string& text, const Words& words) {
    const auto near = nearest(text, words);
    return {"expected " + expectation + ", got " + in_quotes(text),
            near ? "did you mean " + in_quotes(*near) + "?" : "write one of these words"};
}

std::optional<Refusal> assign_to(const Duration& type, const std::string& text, Config& config) {
    return store(parse_duration(text, type.min, type.max), type.field(config));
}

std::optional<Refusal> assign_to(const Percent& type, const std::string& text, Config& config) {
    return store(parse_percent(text, type.min, type.max), type.field(config));
}

std::optional<Refusal> assign_to(const Endpoint& type, const std::string& text, Config& config) {
    return store(type.parse(text), type.field(config));
}

/// Its text does not repeat the value: it may be the token itself.
std::optional<Refusal> assign_to(const Path& type, const std::string& text, Config& config) {
    if (!is_absolute_path(text))
        return Refusal{"expected " + expected(type), std::string(type.hint)};
    type.field(config) = text;
    return std::nullopt;
}

std::optional<Refusal> assign_to(const Boolean& type, const std::string& text, Config& config) {
    const auto value = parse_boolean(text);
    if (!value) {
        return Refusal{"expected " + expected(type) + ", got " + in_quotes(text),
                       "write true or false; yes, no, on and off mean the same"};
    }
    type.field(config) = *value;
    return std::nullopt;
}

std::optional<Refusal> assign_to(const Choice& type, const std::string& text, Config& config) {
    const auto index = index_of(text, type.words);
    if (!index) return unknown_word(expected(type), text, type.words);
    type.set(config, *index);
    return std::nullopt;
}

std::optional<Refusal> assign_to(const FloatingList& type, const std::string& text,
                                 Config& config) {
    if (const auto index = index_of(text, type.words)) {
        type.field(config) = static_cast<FloatingIpsMode>(*index);
        return std::nullopt;
    }
    auto refusal = unknown_word(expected(type), text, type.words);
    if (host::Prefix::parse(text)) refusal.hint = "write a list, even of one: [\"" + text + "\"]";
    return refusal;
}

std::optional<Refusal> assign_to(const Listen& type, const std::string& text, Config& config) {
    if (index_of(text, type.words)) {
        type.field(config).clear();
        return std::nullopt;
    }
    return store(parse_loopback(text), type.field(config));
}

std::optional<Refusal> assign_to(const Name& type, const std::string& text, Config& config) {
    return store(parse_name(text), type.field(config));
}

std::optional<Refusal> assign_to(const HostName& type, const std::string& text, Config& config) {
    return store(parse_host_name(text), type.field(config));
}

std::optional<Refusal> assign_to(const PrivateIp& type, const std::string& text, Config& config) {
    return store(parse_private_ip(text), type.field(config));
}

std::optional<Refusal> assign_to(const LabelMap& type, const std::string& text, Config&) {
    return Refusal{"expected " + expected(type) + ", got " + in_quotes(text),
                   "write keys, each with a colon and a value"};
}

/// The others are lists.
template <typename List>
std::optional<Refusal> assign_to(const List& type, const std::string& text, Config&) {
    return Refusal{"expected " + expected(type) + ", got " + in_quotes(text),
                   "write a list, even of one: [" + printable(text) + "]"};
}

template <typename T>
bool unset_in(const T& type, Config& config) {
    constexpr bool kMayBeUnset =
        std::is_same_v<T, Path> || std::is_same_v<T, HostName> || std::is_same_v<T, PrivateIp>;
    if constexpr (kMayBeUnset) type.field(config) = {};
    return kMayBeUnset;
}

}  // namespace

std::optional<Refusal> assign(const Type& type, const std::string& text, Config& config) {
    return std::visit([&](const auto& kind) { return assign_to(kind, text, config); }, type);
}

bool unset(const Type& type, Config& config) {
    return std::visit([&](const auto& kind) { return unset_in(kind, config); }, type);
}

}  // namespace hcloud::agent::config

// YAML from a source that is not trusted. Internal to this folder.
#pragma once

#include <optional>
#include <string>

#include <yaml-cpp/yaml.h>

namespace hcloud::metadata {

/// The body's one document; null if it is empty. Throws ParseError on a syntax error and on what
/// only an attacker would send: anchors and aliases (they multiply), deep nesting, very many nodes,
/// a second document.
YAML::Node load_untrusted(const std::string& body);

/// "a list", "a mapping", "text", "nothing"
std::string kind_of(const YAML::Node& node);

/// The text of a scalar; std::nullopt if the key is missing or null. Throws ParseError on a wrong
/// type.
std::optional<std::string> text_at(const YAML::Node& mapping, const std::string& key);
std::string required_text_at(const YAML::Node& mapping, const std::string& key);

/// A decimal number that is not negative; std::nullopt if the key is missing or null. Throws
/// ParseError.
std::optional<std::int64_t> number_at(const YAML::Node& mapping, const std::string& key);

}  // namespace hcloud::metadata

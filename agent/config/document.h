// From text to one YAML document. What yaml-cpp lets pass is refused here: text that is no UTF-8,
// control characters (it takes 0x04 for the end), quotes that are never closed, anything after the
// first document.
#pragma once

#include <string>

#include <yaml-cpp/node/node.h>

namespace hcloud::agent::config {

/// A null node for a text without content. Throws ConfigError, with one problem: after it nothing
/// is certain.
YAML::Node parse_document(const std::string& text, const std::string& name);

}  // namespace hcloud::agent::config

// Bytes to values: the only reader of the metadata service's YAML and JSON.
#pragma once

#include "metadata/types.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace hcloud::metadata {

/// Says what was expected and what came, with line and key where there is one.
class ParseError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Throws ParseError unless there is a mapping with a positive instance-id and a hostname.
Root parse_root(const std::string& body);

/// Throws ParseError unless the body is a list; an entry that cannot be understood goes to
/// `broken`.
PrivateNetworks parse_private_networks(const std::string& body);

std::string_view trim(std::string_view text);

}  // namespace hcloud::metadata

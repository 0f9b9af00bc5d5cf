// Text from outside made fit for error messages, and addresses in canonical form. Internal to this
// folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hcloud::metadata {

/// Bytes outside printable ASCII as \xNN; cut to `limit` characters, which "..." then shows.
std::string printable(std::string_view text, std::size_t limit = 200);

/// The same, short and in single quotes.
std::string in_quotes(std::string_view text);

/// "connection refused"
std::string errno_text(int error);

std::optional<std::string> canonical_ipv4(const std::string& text);
/// Clears the host bits: "10.0.0.1/8" is "10.0.0.0/8".
std::optional<std::string> canonical_ipv4_network(const std::string& text);
/// An IPv4 or IPv6 address with its prefix length, which stands for all bits if it is missing.
std::optional<std::string> canonical_interface_address(const std::string& text);
std::optional<std::string> canonical_mac(const std::string& text);

}  // namespace hcloud::metadata

// Text from outside made fit for error messages. Internal to this folder.
#pragma once

#include <string>
#include <string_view>

namespace hcloud::cloud {

/// UTF-8; controls, what turns the direction of writing, and bytes that are no UTF-8, as \xNN. Cut
/// to `limit` bytes, which "..." then shows.
std::string printable(std::string_view text, std::size_t limit = 200);

/// The same, short and in single quotes.
std::string in_quotes(std::string_view text);

/// "connection refused"
std::string errno_text(int error);

}  // namespace hcloud::cloud

// Words for error texts: the nearest known word, lists, and text from outside made fit to print.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hcloud::agent::config {

using Words = std::vector<std::string_view>;

/// The known word that `word` was probably meant to be; std::nullopt if none is near.
std::optional<std::string_view> nearest(std::string_view word, const Words& known);

/// "a, b or c"
std::string one_of(const Words& words);

/// Printable ASCII: other bytes become \xNN, and a long text is cut.
std::string printable(std::string_view text);

/// printable() in single quotes.
std::string in_quotes(std::string_view text);

}  // namespace hcloud::agent::config

#include "agent/config/suggest.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

constexpr std::size_t kLongestWord = 40;  // longer than any key: bounds the work, too

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (Damerau,
/// Levenshtein; optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, const Words& known) {
    if (word.empty() || word.size() > kLongestWord) return std::nullopt;
    std::optional<std::string_view> best;
    std::size_t best_distance =
        std::max<std::size_t>(1, word.size() / 3) + 1;  // one more than near
    for (const auto candidate : known) {
        const auto steps = distance(word, candidate);
        if (steps >= best_distance) continue;
        best = candidate;
        best_distance = steps;
    }
    if (best || word.size() < 3) return best;
    const auto longer = std::find_if(known.begin(), known.end(), [&](std::string_view candidate) {
        return candidate.starts_with(word);
    });
    return longer == known.end() ? best : *longer;
}

std::string one_of(const Words& words) {
    if (words.size() < 2) return fmt::format("{}", fmt::join(words, ""));
    return fmt::format("{} or {}", fmt::join(words.begin(), std::prev(words.end()), ", "),
                       words.back());
}

std::string printable(std::string_view text) {
    constexpr std::size_t kLongest = 60;
    std::string out;
    for (const char c : text.substr(0, kLongest)) {
        if (c >= ' ' && c <= '~') {
            out += c;
        } else {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return text.size() > kLongest ? out + "..." : out;
}

std::string in_quotes(std::string_view text) {
    return "'" + printable(text) + "'";
}

}  // namespace hcloud::agent::config

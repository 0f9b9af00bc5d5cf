#include "agent/config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

constexpr std::size_t kMostProblems = 100;

}  // namespace

void Problems::report(const Place& place, std::string text, std::string hint) {
    if (problems_.size() == kMostProblems) {
        ++unlisted_;
        return;
    }
    problems_.push_back({file_, place.mark.line + 1, place.mark.column + 1, place.path,
                         std::move(text), std::move(hint)});
}

void Problems::throw_if_any() {
    if (problems_.empty()) return;
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    if (unlisted_ > 0) {
        problems_.push_back(
            {file_, 0, 0, "", fmt::format("and {} more problems", unlisted_), "mend these first"});
    }
    throw ConfigError(std::move(problems_));
}

}  // namespace hcloud::agent::config

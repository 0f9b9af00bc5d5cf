#include "agent/config/error.h"

#include <utility>

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

std::string all_lines(const std::vector<ConfigError::Problem>& problems) {
    std::string lines;
    for (const auto& problem : problems) {
        if (!lines.empty()) lines += '\n';
        lines += problem.to_string();
    }
    return lines;
}

}  // namespace

std::string ConfigError::Problem::to_string() const {
    std::string out = file;
    if (line > 0) out += fmt::format(":{}:{}", line, column);
    if (!key.empty()) out += ": " + key;
    out += ": " + text;
    if (!hint.empty()) out += "; " + hint;
    return out;
}

ConfigError::ConfigError(std::vector<Problem> problems)
    : std::runtime_error(all_lines(problems)),
      problems_(std::make_shared<const std::vector<Problem>>(std::move(problems))) {}

}  // namespace hcloud::agent

#include "agent/daemon/prometheus_text.h"

#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace hcloud::agent {

namespace {

/// The JSON library knows what UTF-8 is.
std::string valid_utf8(std::string_view text) {
    using nlohmann::json;
    const auto replaced = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    return json::parse(replaced).get<std::string>();
}

std::string escaped(std::string_view value) {
    std::string result;
    for (const char c : valid_utf8(value)) {
        if (c == '\\' || c == '"') result += '\\';
        if (c == '\n') {
            result += "\\n";
        } else {
            result += c;
        }
    }
    return result;
}

}  // namespace

void PrometheusText::family(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    fmt::format_to(std::back_inserter(text_), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help,
                   type == Type::counter ? "counter" : "gauge");
}

void PrometheusText::sample(const Labels& labels, std::int64_t value) {
    text_ += name_;
    char separator = '{';
    for (const auto& [label, text] : labels) {
        text_ += fmt::format("{}{}=\"{}\"", separator, label, escaped(text));
        separator = ',';
    }
    text_ += fmt::format("{} {}\n", labels.empty() ? "" : "}", value);
}

}  // namespace hcloud::agent

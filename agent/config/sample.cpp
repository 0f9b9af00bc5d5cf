#include "agent/config/sample.h"

#include "agent/config/default_text.h"

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

constexpr const char* kSampleHead =
    R"(# Configuration of hcloud-agent: /etc/hcloud-agent/config.yaml
#
# Everything is optional: as it stands this file means the same as an empty one. Private networks
# and alias IPs are configured from metadata alone; floating IPs and what is registered need an API
# token.
# Remove the # before a key to set it. Afterwards:
#   hcloud-agent config check               says what is wrong, with line and column
#   SIGHUP makes a running agent read the file again
)";

std::string as_comment(std::string_view text, std::string_view indent,
                       std::string_view inner = "") {
    const auto begin = fmt::format("{}# {}", indent, inner);
    std::string out = begin;
    for (const char c : text) {
        out += c;
        if (c == '\n') out += begin;
    }
    return out + "\n";
}

std::string or_not_set(const std::string& text) {
    return text.empty() ? "not set" : text;
}

/// The text, and below it what the key accepts.
std::string explanation(const config::Key& key, std::string_view ending) {
    return fmt::format("{}\nAccepts {}. {}", key.doc, config::accepted(key.type), ending);
}

std::string record_keys(const config::RecordList& type, const std::string& indent) {
    const auto defaults = config::with_default_record(type);
    auto out = as_comment(fmt::format("The keys of each {}:", type.one), indent);
    for (const auto& key : type.keys) {
        const bool is_required = &key == &type.keys.front();
        const auto ending =
            is_required ? "Required."
                        : "Default: " + or_not_set(config::default_text(key.type, defaults));
        out += as_comment(fmt::format("  {}:", key.name), indent);
        out += as_comment(explanation(key, ending), indent, "    ");
    }
    return out;
}

std::string commented_key(const config::Key& key) {
    constexpr const char* kIndent = "  ";
    const auto value = config::default_text(key.type);
    const auto example = config::example(key.type);
    auto out = as_comment(explanation(key, "Default: " + or_not_set(value)), kIndent);
    if (const auto* list = std::get_if<config::RecordList>(&key.type))
        out += record_keys(*list, kIndent);
    return out + fmt::format("{}#{}: {}\n", kIndent, key.name, example.empty() ? value : example);
}

}  // namespace

std::string sample_config() {
    std::string out = kSampleHead;
    for (const auto& section : config::sections()) {
        out += "\n" + as_comment(section.doc, "") + fmt::format("{}:\n", section.name);
        bool first = true;
        for (const auto& key : section.keys) {
            if (!first) out += "\n";
            first = false;
            out += commented_key(key);
        }
    }
    return out;
}

}  // namespace hcloud::agent

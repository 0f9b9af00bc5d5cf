#include "agent/config/sample.h"

#include "agent/config/keys.h"

#include <fmt/format.h>

namespace hcloud::agent {

namespace {

constexpr const char* kHead = R"(# Configuration of hcloud-agent: /etc/hcloud-agent/config.yaml
#
# Everything is optional: as it stands this file means the same as an empty one. Private networks
# and alias IPs are configured from metadata alone; floating IPs need an API token.
# Remove the # before a key to set it. Afterwards:
#   hcloud-agent config check               says what is wrong, with line and column
#   SIGHUP makes a running agent read the file again
)";

std::string as_comment(std::string_view text, std::string_view indent) {
    std::string out = fmt::format("{}# ", indent);
    for (const char c : text) {
        out += c;
        if (c == '\n') out += fmt::format("{}# ", indent);
    }
    return out + "\n";
}

struct DefaultText {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const std::vector<std::string>& list) const {
        return fmt::format("[{}]", fmt::join(list, ", "));
    }
};

std::string commented_key(const config::Key& key) {
    constexpr const char* kIndent = "  ";
    auto value = std::visit(DefaultText{}, config::value_of(key.type, Config{}));
    std::string default_text = value;
    if (const auto* path = std::get_if<config::Path>(&key.type); path != nullptr && value.empty()) {
        default_text = "not set";
        value = path->example;
    }
    std::string out = as_comment(key.doc, kIndent);
    out += as_comment(
        fmt::format("Accepts {}. Default: {}", config::accepted(key.type), default_text), kIndent);
    return out + fmt::format("{}#{}: {}\n", kIndent, key.name, value);
}

}  // namespace

std::string sample_config() {
    std::string out = kHead;
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

#include "agent/config/default_text.h"

#include <fmt/format.h>

namespace hcloud::agent::config {

namespace {

struct Text {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const std::vector<std::string>& list) const {
        return fmt::format("[{}]", fmt::join(list, ", "));
    }
    // By default these are empty.
    std::string operator()(const Mapping&) const { return "{}"; }
    std::string operator()(const std::vector<Mapping>&) const { return "[]"; }
};

}  // namespace

std::string default_text(const Type& type, const Config& defaults) {
    return std::visit(Text{}, value_of(type, defaults));
}

}  // namespace hcloud::agent::config

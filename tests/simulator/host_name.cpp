#include "tests/simulator/host_name.h"

#include <regex>

namespace hcloud::sim {

bool is_host_name(const std::string& text) {
    constexpr std::size_t kLongest = 253;
    static const std::regex kName(
        R"(([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?)",
        std::regex::icase);
    return text.size() <= kLongest && std::regex_match(text, kName);
}

}  // namespace hcloud::sim

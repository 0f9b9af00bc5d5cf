#include "actions/cloud/text.h"

#include <cctype>
#include <system_error>

#include <fmt/format.h>

namespace hcloud::cloud {

std::string printable(std::string_view text, std::size_t limit) {
    static constexpr std::string_view kCut = "...";
    std::string result;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        const bool plain = byte >= 0x20 && byte < 0x7f;
        const std::string piece =
            plain ? std::string(1, character) : fmt::format("\\x{:02x}", byte);
        if (result.size() + piece.size() > limit) return result + std::string(kCut);
        result += piece;
    }
    return result;
}

std::string in_quotes(std::string_view text) {
    return "'" + printable(text, 60) + "'";
}

std::string errno_text(int error) {
    auto text = std::generic_category().message(error);
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

}  // namespace hcloud::cloud

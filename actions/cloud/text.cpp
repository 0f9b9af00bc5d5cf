#include "actions/cloud/text.h"

#include <algorithm>
#include <cctype>
#include <system_error>

#include <Poco/UTF8Encoding.h>
#include <fmt/format.h>

namespace hcloud::cloud {

namespace {

/// Controls, and what turns the direction of writing round (U+202A to U+202E, U+2066 to U+2069),
/// make of a line what it is not.
bool is_plain(int code) {
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
    return !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069);
}

/// How many bytes of a plain character the text begins with; 0 if it does not.
std::size_t plain_bytes(std::string_view text) {
    static const Poco::UTF8Encoding kUtf8;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const int available = static_cast<int>(std::min<std::size_t>(text.size(), 4));
    const int length = kUtf8.sequenceLength(bytes, available);
    if (length < 1 || length > available) return 0;
    return is_plain(kUtf8.queryConvert(bytes, length)) ? static_cast<std::size_t>(length) : 0;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
    static constexpr std::string_view kCut = "...";
    std::string result;
    while (!text.empty()) {
        const auto plain = plain_bytes(text);
        const auto taken = std::max<std::size_t>(plain, 1);
        const std::string piece =
            plain > 0 ? std::string(text.substr(0, taken))
                      : fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
        if (result.size() + piece.size() > limit) return result + std::string(kCut);
        result += piece;
        text.remove_prefix(taken);
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

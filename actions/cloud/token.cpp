#include "actions/cloud/token.h"

#include <algorithm>
#include <stdexcept>

#include <string.h>

namespace hcloud::cloud {

namespace {

std::string_view trim(std::string_view text) {
    static constexpr std::string_view kBlanks = " \t\r\n\v\f";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

Token::Token(std::string_view text) {
    const auto trimmed = trim(text);
    const bool fit = std::all_of(trimmed.begin(), trimmed.end(), [](char character) {
        return character > ' ' && character < '\x7f';
    });
    if (!fit) throw std::invalid_argument("the API token is not one word of printable ASCII");
    text_ = trimmed;
}

Token::~Token() {
    explicit_bzero(text_.data(), text_.capacity());
}

}  // namespace hcloud::cloud

#include "agent/config/names.h"

#include "agent/config/suggest.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace hcloud::agent::config {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_dns_label(std::string_view text) {
    constexpr std::size_t kLongest = 63;
    return !text.empty() && text.size() <= kLongest && is_alphanumeric(text.front()) &&
           is_alphanumeric(text.back()) && std::all_of(text.begin(), text.end(), [](char c) {
               return is_alphanumeric(c) || c == '-';
           });
}

bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_id(std::string_view digits) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    return error == std::errc{} && id > 0 && digits.front() != '0';
}

bool is_clean(std::string_view text) {
    const bool is_padded = text.starts_with(' ') || text.ends_with(' ');
    return !text.empty() && !is_padded && std::none_of(text.begin(), text.end(), [](char c) {
        return (c >= 0 && c < ' ') || c == '\x7f';
    });
}

}  // namespace

bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_dns_name(std::string_view text) {
    constexpr std::size_t kLongest = 253;
    if (text.size() > kLongest) return false;
    for (;;) {
        const auto dot = text.find('.');
        if (!is_dns_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

Parsed<std::string> parse_name(const std::string& text) {
    if (is_number(text) && !is_id(text)) {
        return Refusal{"expected a name or an id, got the number " + in_quotes(text),
                       "an id has no zeros in front and at most 19 digits"};
    }
    if (is_clean(text)) return text;
    return Refusal{"expected a name or an id, got " + in_quotes(text),
                   "write it without control characters, and without blanks at its ends"};
}

Parsed<std::string> parse_host_name(const std::string& text) {
    const std::string expected = "expected a host name such as web1.example.com, got ";
    if (text.ends_with('.') && is_dns_name(text.substr(0, text.size() - 1)))
        return Refusal{expected + in_quotes(text), "remove the dot at its end"};
    if (!is_dns_name(text)) {
        return Refusal{expected + in_quotes(text),
                       "write letters, digits and '-' between dots, at most 63 in a row and 253 in "
                       "all"};
    }
    const auto dot = text.rfind('.');
    if (dot == std::string::npos)
        return Refusal{expected + in_quotes(text), "write it in full, with its domain"};
    if (is_number(std::string_view(text).substr(dot + 1)))
        return Refusal{expected + in_quotes(text), "write the name, not an address"};
    return text;
}

}  // namespace hcloud::agent::config

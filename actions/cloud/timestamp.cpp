#include "actions/cloud/timestamp.h"

#include <charconv>
#include <string_view>

namespace hcloud::cloud {

namespace {

/// Takes what it reads off the front of the text; everything after a mismatch is none.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    /// Exactly so many digits, the value between the limits.
    int number(std::size_t digits, int least, int most) {
        int value = least;
        const auto part = rest_.substr(0, digits);
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        // from_chars takes a minus sign, too
        good_ = good_ && part.size() == digits && error == std::errc{} &&
                end == part.data() + digits && part[0] != '-' && value >= least && value <= most;
        rest_.remove_prefix(part.size());
        return good_ ? value : least;
    }

    void expect(char character) {
        good_ = good_ && next_is(character);
        if (good_) rest_.remove_prefix(1);
    }

    bool next_is(char character) const { return !rest_.empty() && rest_[0] == character; }

    void skip_fraction() {
        if (!next_is('.')) return;
        const auto end = rest_.find_first_not_of("0123456789", 1);
        good_ = good_ && end > 1 && end != std::string_view::npos;
        rest_.remove_prefix(good_ ? end : 0);
    }

    bool good_and_done() const { return good_ && rest_.empty(); }

  private:
    std::string_view rest_;
    bool good_ = true;
};

std::chrono::minutes read_offset(Scanner& scanner) {
    if (scanner.next_is('Z')) {
        scanner.expect('Z');
        return {};
    }
    const bool west = scanner.next_is('-');
    scanner.expect(west ? '-' : '+');
    const std::chrono::hours hours(scanner.number(2, 0, 23));
    scanner.expect(':');
    const auto offset = hours + std::chrono::minutes(scanner.number(2, 0, 59));
    return west ? -offset : offset;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(const std::string& text) {
    using namespace std::chrono;
    Scanner scanner(text);
    const auto y = year(scanner.number(4, 1970, 2200));
    scanner.expect('-');
    const auto m = month(static_cast<unsigned>(scanner.number(2, 1, 12)));
    scanner.expect('-');
    const auto date = y / m / day(static_cast<unsigned>(scanner.number(2, 1, 31)));
    scanner.expect('T');
    const hours h(scanner.number(2, 0, 23));
    scanner.expect(':');
    const minutes minute(scanner.number(2, 0, 59));
    scanner.expect(':');
    const seconds second(scanner.number(2, 0, 60));  // 60: a leap second
    scanner.skip_fraction();
    const auto offset = read_offset(scanner);
    if (!scanner.good_and_done() || !date.ok()) return std::nullopt;
    return sys_days(date) + h + minute + second - offset;
}

}  // namespace hcloud::cloud

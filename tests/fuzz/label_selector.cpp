// Any text is a selector or none, and what one selects, its opposite does not.
#include "tests/simulator/label_selector.h"

#include "tests/fuzz/check.h"

#include <array>
#include <cstdint>
#include <string>

using hcloud::fuzz::check;
using hcloud::sim::Labels;
using hcloud::sim::LabelSelector;

namespace {

const std::array<Labels, 4> kLabels{Labels{}, Labels{{"env", "production"}, {"tier", ""}},
                                    Labels{{"in", "in"}, {"notin", "a"}, {"a", "b"}},
                                    Labels{{"example.com/my", "label"}, {"a", "b"}, {"c", "d"}}};

/// "a" and "!a" have to disagree; so have "in" and "notin" in "k in (v)".
void check_opposite(const std::string& text, const LabelSelector& selector) {
    const auto opposite = LabelSelector::parse("!" + text);
    if (!opposite) return;  // it was not a mere key
    for (const Labels& labels : kLabels) {
        if (text.find(',') == std::string::npos)
            check(opposite->matches(labels) != selector.matches(labels), "! is the opposite");
    }
}

void check_conjunction(const std::string& text, const LabelSelector& selector) {
    if (text.find_first_not_of(" \t\n\v\f\r") == std::string::npos) return;  // selects everything
    const auto both = LabelSelector::parse(text + "," + text);
    check(both.has_value(), "two selectors with a comma are one");
    for (const Labels& labels : kLabels)
        check(both->matches(labels) == selector.matches(labels), "twice the same is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto selector = LabelSelector::parse(text);
    if (!selector) return 0;
    check_opposite(text, *selector);
    check_conjunction(text, *selector);
    return 0;
}

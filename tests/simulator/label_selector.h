// Labels and the label selector query language of the reference ("Labels", "Label Selector").
#pragma once

#include "tests/simulator/state/entity.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hcloud::sim {

/// Why these are no legal labels; std::nullopt if they are.
std::optional<std::string> fault_in_labels(const Labels& labels);

/// A selector such as "env in (testing,staging),!type".
class LabelSelector {
  public:
    /// std::nullopt if the text is none. An empty one selects everything.
    static std::optional<LabelSelector> parse(std::string_view text);

    bool matches(const Labels& labels) const;

  private:
    struct Term {
        std::string key;
        std::set<std::string> values;
        bool any_value = false;  // the key's presence alone counts
        bool negated = false;
        bool matches(const Labels& labels) const;
    };
    class Parser;

    std::vector<Term> terms_;
};

}  // namespace hcloud::sim

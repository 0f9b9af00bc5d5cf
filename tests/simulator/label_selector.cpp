#include "tests/simulator/label_selector.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace hcloud::sim {

namespace {

constexpr std::size_t kLongestName = 63;
constexpr std::size_t kLongestPrefix = 253;
constexpr std::string_view kReserved = "hetzner.cloud";

bool alphanumeric(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

/// Alphanumeric at both ends, and `between` in between.
bool well_formed(std::string_view text, std::string_view between, std::size_t longest) {
    if (text.empty() || text.size() > longest) return false;
    if (!alphanumeric(text.front()) || !alphanumeric(text.back())) return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return alphanumeric(c) || between.find(c) != std::string_view::npos;
    });
}

bool is_name(std::string_view text) {
    return well_formed(text, "-_.", kLongestName);
}

/// A DNS subdomain.
bool is_prefix(std::string_view text) {
    if (text.size() > kLongestPrefix) return false;
    for (;;) {
        const std::size_t dot = text.find('.');
        if (!well_formed(text.substr(0, dot), "-", kLongestName)) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_key(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return is_name(text);
    return is_prefix(text.substr(0, slash)) && is_name(text.substr(slash + 1));
}

bool is_value(std::string_view text) {
    return text.empty() || is_name(text);
}

}  // namespace

std::optional<std::string> fault_in_labels(const Labels& labels) {
    for (const auto& [key, value] : labels) {
        if (!is_key(key)) return fmt::format("label key '{}' is invalid", key);
        if (key.substr(0, key.find('/')) == kReserved && key.find('/') != std::string::npos) {
            return fmt::format("label key '{}' has the reserved prefix '{}/'", key, kReserved);
        }
        if (!is_value(value)) return fmt::format("label value '{}' is invalid", value);
    }
    return std::nullopt;
}

bool LabelSelector::Term::matches(const Labels& labels) const {
    const auto label = labels.find(key);
    const bool selected = label != labels.end() && (any_value || values.count(label->second) != 0);
    return selected != negated;
}

bool LabelSelector::matches(const Labels& labels) const {
    return std::all_of(terms_.begin(), terms_.end(),
                       [&](const Term& term) { return term.matches(labels); });
}

/// One term after the other, from the left.
class LabelSelector::Parser {
  public:
    explicit Parser(std::string_view text) : left_(text) { skip_blanks(); }

    std::optional<std::vector<Term>> run() {
        std::vector<Term> terms;
        while (!left_.empty()) {
            auto term = read_term();
            if (!term) return std::nullopt;
            terms.push_back(std::move(*term));
            if (left_.empty()) break;
            if (!take(",") || left_.empty()) return std::nullopt;
        }
        return terms;
    }

  private:
    void skip_blanks() {
        left_.remove_prefix(std::min(left_.find_first_not_of(" \t"), left_.size()));
    }

    bool take(std::string_view token) {
        if (left_.substr(0, token.size()) != token) return false;
        left_.remove_prefix(token.size());
        skip_blanks();
        return true;
    }

    std::string_view word() {
        const std::size_t end = std::min(left_.find_first_of(" \t=!,()"), left_.size());
        const std::string_view word = left_.substr(0, end);
        left_.remove_prefix(end);
        skip_blanks();
        return word;
    }

    std::optional<Term> read_term() {
        Term term;
        const bool absent = take("!");
        term.key = word();
        if (!is_key(term.key)) return std::nullopt;
        if (absent || left_.empty() || left_.front() == ',') {
            term.any_value = true;
            term.negated = absent;
            return term;
        }
        if (take("!=")) {
            term.negated = true;
            return read_value(std::move(term));
        }
        if (take("==") || take("=")) return read_value(std::move(term));
        return read_set(std::move(term));
    }

    std::optional<Term> read_value(Term term) {
        const std::string_view value = word();
        if (!is_value(value)) return std::nullopt;
        term.values.emplace(value);
        return term;
    }

    std::optional<Term> read_set(Term term) {
        const std::string_view relation = word();
        if (relation != "in" && relation != "notin") return std::nullopt;
        term.negated = relation == "notin";
        if (!take("(")) return std::nullopt;
        do {
            const std::string_view value = word();
            if (!is_value(value)) return std::nullopt;
            term.values.emplace(value);
        } while (take(","));
        if (!take(")")) return std::nullopt;
        return term;
    }

    std::string_view left_;
};

std::optional<LabelSelector> LabelSelector::parse(std::string_view text) {
    auto terms = Parser(text).run();
    if (!terms) return std::nullopt;
    LabelSelector selector;
    selector.terms_ = std::move(*terms);
    return selector;
}

}  // namespace hcloud::sim

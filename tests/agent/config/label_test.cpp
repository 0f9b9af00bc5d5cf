// The grammar of labels. The simulator has its own reading of the same page of the reference: the
// two have to agree.
#include "agent/config/label.h"

#include "tests/agent/config/case_name.h"
#include "tests/simulator/label_selector.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace hcloud::agent::config {
namespace {

std::string text_of(const std::optional<Refusal>& refusal) {
    return refusal ? refusal->text + "; " + refusal->hint : "good";
}

constexpr const char* kCharacters =
    "; write letters, digits, '-', '_' and '.', with a letter or digit at both ends";

struct Case {
    std::string name;
    std::string label;
    std::string said;
};

void PrintTo(const Case& label, std::ostream* out) {
    *out << label.name;
}

class LabelKey : public testing::TestWithParam<Case> {};
class LabelValue : public testing::TestWithParam<Case> {};

TEST_P(LabelKey, isChecked) {
    EXPECT_EQ(text_of(check_label_key(GetParam().label)), GetParam().said);
}

TEST_P(LabelValue, isChecked) {
    EXPECT_EQ(text_of(check_label_value(GetParam().label)), GetParam().said);
}

/// 253 characters.
std::string longest_prefix() {
    const std::string part(63, 'a');
    return part + "." + part + "." + part + "." + std::string(61, 'a');
}

const std::string kBadPrefix = "expected a DNS name before the '/' of a label key, got ";
const std::string kWritePrefix = "; write a prefix such as example.com, or none";

const std::vector<Case> kKeys{
    {"word", "role", "good"},
    {"one_character", "1", "good"},
    {"all_kinds_of_characters", "A.b_c-9", "good"},
    {"longest", std::string(63, 'x'), "good"},
    {"with_prefix", "example.com/my", "good"},
    {"longest_prefix", longest_prefix() + "/" + std::string(63, 'x'), "good"},
    {"below_the_reserved_prefix", "x.hetzner.cloud/my", "good"},
    {"reserved_without_slash", "hetzner.cloud", "good"},
    {"empty", "", std::string("expected a label key, got ''") + kCharacters},
    {"too_long", std::string(64, 'x'),
     "expected a label key of at most 63 characters, got 64; shorten it"},
    {"begins_badly", "-a", std::string("expected a label key, got '-a'") + kCharacters},
    {"ends_badly", "a_", std::string("expected a label key, got 'a_'") + kCharacters},
    {"blank", "a b", std::string("expected a label key, got 'a b'") + kCharacters},
    {"not_ascii", "gr\xc3\xbcn",
     std::string("expected a label key, got 'gr\\xc3\\xbcn'") + kCharacters},
    {"no_name", "example.com/",
     std::string("expected a name after the '/' of a label key, got ''") + kCharacters},
    {"two_slashes", "a/b/c",
     std::string("expected a name after the '/' of a label key, got 'b/c'") + kCharacters},
    {"no_prefix", "/a", kBadPrefix + "''" + kWritePrefix},
    {"prefix_with_underscore", "a_b/c", kBadPrefix + "'a_b'" + kWritePrefix},
    {"prefix_with_dot_at_the_end", "a./c", kBadPrefix + "'a.'" + kWritePrefix},
    {"too_long_prefix", longest_prefix() + "a/c",
     kBadPrefix + "'" + std::string(60, 'a') + "...'" + kWritePrefix},
    {"reserved_prefix", "hetzner.cloud/my",
     "expected a label key of your own, got one in 'hetzner.cloud/'; Hetzner keeps that prefix for "
     "itself: write another one, or none"},
};

const std::vector<Case> kValues{
    {"empty", "", "good"},
    {"number", "1", "good"},
    {"longest", std::string(63, 'x'), "good"},
    {"too_long", std::string(64, 'x'),
     "expected a label value of at most 63 characters, got 64; shorten it"},
    {"slash", "a/b", std::string("expected a label value, got 'a/b'") + kCharacters},
    {"ends_badly", "1.", std::string("expected a label value, got '1.'") + kCharacters},
};

INSTANTIATE_TEST_SUITE_P(keys, LabelKey, testing::ValuesIn(kKeys), kName);
INSTANTIATE_TEST_SUITE_P(values, LabelValue, testing::ValuesIn(kValues), kName);

class Labels : public testing::Test {
  protected:
    std::string any_text() {
        static const std::string characters = "aZ09-_./ \xc3";
        std::string text(std::uniform_int_distribution<std::size_t>(0, 5)(random_), ' ');
        for (auto& c : text)
            c = characters[std::uniform_int_distribution<std::size_t>(
                0, characters.size() - 1)(random_)];
        return text;
    }

    std::mt19937 random_{20240607};  // NOLINT(cert-msc51-cpp): the same every time
};

TEST_F(Labels, areReadAsTheSimulatorReadsThem) {
    int good = 0;
    for (int round = 0; round < 20'000; ++round) {
        const auto key = any_text();
        const auto value = any_text();
        const bool is_good = !check_label_key(key) && !check_label_value(value);
        EXPECT_EQ(is_good, !sim::fault_in_labels({{key, value}})) << key << ": " << value;
        good += is_good ? 1 : 0;
    }
    EXPECT_GT(good, 200);
}

}  // namespace
}  // namespace hcloud::agent::config

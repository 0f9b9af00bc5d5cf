// The grammar of the reference, "Labels" and "Label Selector".
#include "tests/simulator/label_selector.h"

#include <gtest/gtest.h>

namespace hcloud::sim {
namespace {

const Labels kProduction{{"env", "production"}, {"tier", ""}, {"example.com/my", "label"}};

struct Case {
    const char* text;
    bool matches;
};

class Selector : public testing::TestWithParam<Case> {};

TEST_P(Selector, SelectsByTheLabels) {
    const auto selector = LabelSelector::parse(GetParam().text);
    ASSERT_TRUE(selector) << GetParam().text;
    EXPECT_EQ(selector->matches(kProduction), GetParam().matches) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Selector,
    testing::Values(
        Case{"", true}, Case{"env=production", true}, Case{"env==production", true},
        Case{"env=testing", false}, Case{"env!=testing", true}, Case{"env!=production", false},
        Case{"type!=database", true}, Case{"env", true}, Case{"type", false}, Case{"!type", true},
        Case{"!env", false}, Case{"env in (testing,production)", true},
        Case{"env in (testing,staging)", false}, Case{"env notin (testing,staging)", true},
        Case{"env notin (production)", false}, Case{"type notin (a)", true},
        Case{"type in (a)", false}, Case{"env=production,type!=database", true},
        Case{"env=production,!tier", false}, Case{"tier=", true}, Case{"tier==", true},
        Case{"env=", false}, Case{"tier in (a,)", true}, Case{"example.com/my=label", true},
        Case{" env = production , ! type ", true}, Case{"env in ( testing , production )", true},
        Case{"in in (in)", false}, Case{"notin", false}));

class NoSelector : public testing::TestWithParam<const char*> {};

TEST_P(NoSelector, IsRefused) {
    EXPECT_FALSE(LabelSelector::parse(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Cases, NoSelector,
                         testing::Values(",", "a,", ",a", "a,,b", "=b", "!", "!!a", "a=b=c", "a!b",
                                         "a===b", "a in", "a in b", "a in (b", "a in b)",
                                         "a in (b c)", "a notin", "a like b", "-a", "a-", "a/",
                                         "/a", "a/b/c", "a b", "a=-b", "a=b c", "!a=b", "(a)",
                                         "a in (b)(c)", "\x01", "ä"));

TEST(Labels, AreLegalWithinTheGrammar) {
    EXPECT_FALSE(fault_in_labels(kProduction));
    EXPECT_FALSE(fault_in_labels({{std::string(63, 'a'), std::string(63, 'b')}}));
    EXPECT_FALSE(fault_in_labels({{"hetzner.cloud", "x"}}));
    EXPECT_FALSE(fault_in_labels({{"a.b-c_d", "1.2-3_4"}}));
}

TEST(Labels, SayWhichOneIsNot) {
    EXPECT_EQ(fault_in_labels({{"-a", ""}}), "label key '-a' is invalid");
    EXPECT_EQ(fault_in_labels({{"a", "b c"}}), "label value 'b c' is invalid");
    EXPECT_EQ(fault_in_labels({{"hetzner.cloud/a", ""}}),
              "label key 'hetzner.cloud/a' has the reserved prefix 'hetzner.cloud/'");
    EXPECT_TRUE(fault_in_labels({{std::string(64, 'a'), ""}}));
    EXPECT_TRUE(fault_in_labels({{"a", std::string(64, 'b')}}));
    EXPECT_TRUE(fault_in_labels({{"a..b/c", ""}}));
    EXPECT_TRUE(fault_in_labels({{"", ""}}));
}

}  // namespace
}  // namespace hcloud::sim

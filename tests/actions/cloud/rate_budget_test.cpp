// What is left of the rate limit between answers, and who may spend it.
#include "actions/cloud/rate_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const RateBudget::TimePoint kNow{hours(100)};

class RateBudgetTest : public testing::Test {
  protected:
    std::int64_t remaining(RateBudget::TimePoint at) const {
        return budget_.estimate(at).value().remaining;
    }
    bool allows_background(RateBudget::TimePoint at) const {
        return budget_.allows(Priority::background, at);
    }

    RateBudget budget_{20};
};

TEST_F(RateBudgetTest, KnowsNothingBeforeTheFirstAnswerAndForbidsNothing) {
    EXPECT_EQ(budget_.estimate(kNow), std::nullopt);
    EXPECT_TRUE(allows_background(kNow));
    EXPECT_TRUE(budget_.allows(Priority::essential, kNow));
    EXPECT_EQ(budget_.available_at(Priority::background, kNow), kNow);
    budget_.note_sent(kNow);
    EXPECT_EQ(budget_.estimate(kNow), std::nullopt);
}

TEST_F(RateBudgetTest, RefillsEvenlyAndNeverBeyondTheLimit) {
    budget_.note({7200, 10}, kNow);
    EXPECT_EQ(budget_.estimate(kNow), (RateLimit{7200, 10}));
    EXPECT_EQ(remaining(kNow + milliseconds(400)), 10);
    EXPECT_EQ(remaining(kNow + milliseconds(500)), 11);
    EXPECT_EQ(remaining(kNow + seconds(60)), 130);
    EXPECT_EQ(remaining(kNow + hours(5)), 7200);
}

TEST_F(RateBudgetTest, AnAnswerCountsMoreThanTheEstimate) {
    budget_.note({3600, 3000}, kNow);
    budget_.note({3600, 12}, kNow + seconds(10));
    EXPECT_EQ(remaining(kNow + seconds(10)), 12);
}

TEST_F(RateBudgetTest, ARequestWithoutAnAnswerIsCounted) {
    budget_.note({3600, 2}, kNow);
    for (int i = 0; i < 5; ++i)
        budget_.note_sent(kNow);
    EXPECT_EQ(remaining(kNow), 0);
    EXPECT_EQ(remaining(kNow + seconds(3)), 3);
}

TEST_F(RateBudgetTest, BackgroundLeavesTheReserve) {
    budget_.note({3600, 721}, kNow);
    EXPECT_TRUE(allows_background(kNow));
    budget_.note({3600, 720}, kNow);
    EXPECT_FALSE(allows_background(kNow)) << "it would leave 719";
    EXPECT_TRUE(budget_.allows(Priority::essential, kNow));
    budget_.note({3600, 0}, kNow);
    EXPECT_TRUE(budget_.allows(Priority::essential, kNow));
}

TEST_F(RateBudgetTest, SaysWhenThereIsRoom) {
    budget_.note({3600, 100}, kNow);
    const auto at = budget_.available_at(Priority::background, kNow);
    EXPECT_EQ(at, kNow + seconds(621));
    EXPECT_FALSE(allows_background(at - milliseconds(1)));
    EXPECT_TRUE(allows_background(at));
    EXPECT_EQ(budget_.available_at(Priority::background, at), at);
    EXPECT_EQ(budget_.available_at(Priority::essential, kNow), kNow);
}

TEST_F(RateBudgetTest, SaysWhenThereIsRoomAtOddLimits) {
    for (const std::int64_t limit : {7, 100, 1234, 3601, 100000}) {
        budget_.note({limit, 0}, kNow);
        const auto at = budget_.available_at(Priority::background, kNow);
        EXPECT_TRUE(allows_background(at)) << limit;
        EXPECT_FALSE(allows_background(at - milliseconds(2))) << limit;
    }
}

TEST_F(RateBudgetTest, ARefusalMeansEmpty) {
    budget_.note({3600, 3000}, kNow);
    budget_.note_refused(kNow);
    EXPECT_EQ(remaining(kNow), 0);
    EXPECT_FALSE(allows_background(kNow));
    EXPECT_EQ(budget_.available_at(Priority::essential, kNow), kNow + seconds(1));
}

TEST_F(RateBudgetTest, ARefusalBeforeAnyHeaderAssumesTheDocumentedLimit) {
    budget_.note_refused(kNow);
    EXPECT_EQ(budget_.estimate(kNow + seconds(100)), (RateLimit{3600, 100}));
    EXPECT_FALSE(allows_background(kNow + seconds(720)));
    EXPECT_TRUE(allows_background(kNow + seconds(721)));
}

TEST_F(RateBudgetTest, SenselessHeadersAreIgnoredOrBounded) {
    budget_.note({0, 5}, kNow);
    EXPECT_EQ(budget_.estimate(kNow), std::nullopt);
    budget_.note({10, 50}, kNow);
    EXPECT_EQ(remaining(kNow), 10);
    budget_.note({10, -3}, kNow);
    EXPECT_EQ(remaining(kNow), 0);
}

TEST(RateBudget, HasReservesFromNothingToAll) {
    RateBudget none(0);
    none.note({100, 1}, kNow);
    EXPECT_TRUE(none.allows(Priority::background, kNow));
    none.note({100, 0}, kNow);
    EXPECT_FALSE(none.allows(Priority::background, kNow));

    RateBudget all(100);
    all.note({100, 100}, kNow);
    EXPECT_FALSE(all.allows(Priority::background, kNow));
    EXPECT_EQ(all.available_at(Priority::background, kNow), RateBudget::TimePoint::max());
    EXPECT_TRUE(all.allows(Priority::essential, kNow));
}

}  // namespace
}  // namespace hcloud::cloud

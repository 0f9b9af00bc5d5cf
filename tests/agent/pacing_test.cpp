// When one agent asks next. What comes of many of them is in tests/fleet.
#include "agent/planner/pacing.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

using cloud::RateLimit;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kWanted{60};
constexpr std::int64_t kFull = 3599;  // what an answer says when nobody else asked lately

class PacingTest : public testing::Test {
  protected:
    /// A poll that finds this level; time goes on to the next one.
    milliseconds poll(std::int64_t remaining, std::int64_t limit = 3600) {
        return go_on(pacing_.next(RateLimit{limit, remaining}, now_));
    }
    milliseconds go_on(milliseconds wait) {
        now_ += wait;
        return wait;
    }
    seconds interval() const { return std::chrono::duration_cast<seconds>(pacing_.interval()); }

    Pacing pacing_{kWanted, 20, 1};
    Pacing::Clock::time_point now_{hours(1000)};
};

TEST_F(PacingTest, KeepsTheWantedIntervalWhileThereIsPlenty) {
    milliseconds sum{0};
    for (int i = 0; i < 1000; ++i) {
        const auto wait = poll(kFull);
        EXPECT_GE(wait, kWanted * 3 / 4);
        EXPECT_LE(wait, kWanted * 5 / 4 + milliseconds(1));
        sum += wait;
    }
    EXPECT_NEAR(static_cast<double>(sum.count()), 60e6, 1e6);
    EXPECT_EQ(pacing_.interval(), kWanted);
}

TEST_F(PacingTest, AgentsThatStartTogetherSpreadOut) {
    std::set<milliseconds> starts;
    std::set<milliseconds> waits;
    for (std::uint32_t seed = 1; seed <= 100; ++seed) {
        Pacing pacing(kWanted, 20, seed);
        starts.insert(pacing.spread(now_));
        waits.insert(pacing.next(RateLimit{3600, kFull}, now_));
    }
    EXPECT_GT(starts.size(), 90U);
    EXPECT_LE(*starts.rbegin(), seconds(2)) << "a server that boots waits for it";
    EXPECT_GT(*starts.rbegin() - *starts.begin(), milliseconds(1500));
    EXPECT_GT(waits.size(), 90U);
}

TEST_F(PacingTest, TheSpreadOfALongIntervalIsShort) {
    Pacing pacing(hours(1), 20, 1);
    for (int i = 0; i < 100; ++i)
        EXPECT_LE(pacing.spread(now_), seconds(2));
}

TEST_F(PacingTest, ANewcomerWaitsUntilWhatIsMissingIsThereAgain) {
    poll(3300);
    EXPECT_EQ(interval(), seconds(300));
}

TEST_F(PacingTest, ANewcomerAtALowLevelTakesTheFleetForLarge) {
    poll(2000);
    EXPECT_GT(interval(), hours(1));
}

// A thousand that start together, as the 100th of them sees it: 3,500 were left at its first poll,
// 2,600 when each had been there once, and from then on each second poll takes what was refilled.
TEST_F(PacingTest, ASecondAnswerTellsTheSizeOfTheFleet) {
    poll(3500);
    ASSERT_EQ(interval(), seconds(100));
    now_ = Pacing::Clock::time_point(hours(1000)) + seconds(100);
    poll(2600);
    EXPECT_GT(interval(), seconds(900));
    EXPECT_LT(interval(), seconds(2000));
}

TEST_F(PacingTest, StretchesAsTheBucketEmptiesAndComesBackWhenItFills) {
    poll(kFull);
    poll(kFull);
    std::int64_t level = kFull;
    while (level > 1500) {
        const auto before = interval();
        poll(level -= 300);
        EXPECT_GE(interval(), before);
    }
    EXPECT_GT(interval(), 4 * kWanted);
    level = 2500;
    for (int i = 0; i < 10; ++i)
        poll(level = std::min<std::int64_t>(kFull, level + interval().count()));
    EXPECT_EQ(interval(), kWanted);
}

TEST_F(PacingTest, ABurstOfSomebodyElseAtMostDoublesTheInterval) {
    for (int i = 0; i < 10; ++i)
        poll(kFull);
    std::int64_t level = 1800;
    level += poll(level) / seconds(1);  // from now on nobody else asks
    EXPECT_EQ(interval(), 2 * kWanted);
    while (interval() > kWanted && level < 2300) {
        level += poll(level) / seconds(1);
        EXPECT_LE(interval(), 2 * kWanted);
    }
    EXPECT_EQ(interval(), kWanted);
}

TEST_F(PacingTest, ABucketThatLooksFullDoesNotMakeLongIntervalsShortAtOnce) {
    poll(2200);
    const auto before = interval();
    ASSERT_GT(before, hours(1));
    poll(3300);  // others ask as well: it is not quite full
    EXPECT_LT(interval(), before);
    EXPECT_GE(interval(), before - seconds((3300 - 720) / 2 + 1));
}

TEST_F(PacingTest, AFullBucketThatNobodyElseTouchesHalvesTheInterval) {
    poll(2200);
    auto before = interval();
    while (interval() > kWanted) {
        poll(kFull);
        EXPECT_LE(interval(), std::max<seconds>(before / 2, kWanted));
        before = interval();
    }
}

TEST_F(PacingTest, HoldsAPollBackUntilThereShouldBeRoomAboveTheReserve) {
    for (int i = 0; i < 10; ++i)
        poll(kFull);
    for (const std::int64_t level : {1200, 720, 300, 0}) {
        const auto wait = poll(level);
        EXPECT_GE(level + wait / seconds(1), 720 + 576) << level;
    }
}

TEST_F(PacingTest, HoldsBackWhenEverybodyIsToldToAskAgainToo) {
    poll(100);
    EXPECT_GT(pacing_.spread(Pacing::Clock::time_point(hours(1000)) + seconds(1)), seconds(1000));
}

TEST_F(PacingTest, WithoutAnAnswerTheIntervalStays) {
    poll(3300);
    for (int i = 0; i < 10; ++i) {
        const auto wait = go_on(pacing_.next({}, now_));
        EXPECT_GE(wait, seconds(225));
        EXPECT_LE(wait, seconds(376));
    }
    EXPECT_EQ(interval(), seconds(300));
}

TEST_F(PacingTest, TwoAnswersAtTheSameMomentSayNothingAboutTheFleet) {
    poll(3300);
    now_ = Pacing::Clock::time_point(hours(1000)) + milliseconds(1);
    poll(3290);
    EXPECT_EQ(interval(), seconds(300));
}

TEST_F(PacingTest, NeverLeavesItsBounds) {
    for (int i = 0; i < 100; ++i)
        poll(0);
    EXPECT_EQ(pacing_.interval(), Pacing::kLongest);
    for (int i = 0; i < 100; ++i)
        poll(kFull);
    EXPECT_EQ(pacing_.interval(), kWanted);
}

TEST_F(PacingTest, SenselessLimitsAreNoAnswer) {
    poll(0, 0);
    EXPECT_EQ(pacing_.interval(), kWanted);
    poll(900, 3);  // more than fits is full
    EXPECT_EQ(pacing_.interval(), kWanted);
}

TEST_F(PacingTest, ScalesWithTheLimit) {
    Pacing other(kWanted, 20, 1);
    for (const std::int64_t remaining : {3300, 3000, 2000, 2500}) {
        const auto wait = pacing_.next(RateLimit{3600, remaining}, now_);
        EXPECT_EQ(other.next(RateLimit{36000, remaining * 10}, now_), wait);
        go_on(wait);
    }
}

TEST_F(PacingTest, ANewWantedIntervalCountsUnlessTheBucketWantsALongerOne) {
    poll(kFull);
    pacing_.configure(seconds(10), 20);
    EXPECT_EQ(interval(), seconds(10));
    pacing_.configure(seconds(90), 20);
    EXPECT_EQ(interval(), seconds(90));

    Pacing stretched(kWanted, 20, 1);
    stretched.next(RateLimit{3600, 3300}, now_);
    stretched.configure(seconds(10), 20);
    EXPECT_EQ(stretched.interval(), seconds(300));
    stretched.configure(seconds(900), 20);
    EXPECT_EQ(stretched.interval(), seconds(900));
}

TEST_F(PacingTest, ALargerReserveHoldsBackEarlier) {
    Pacing careful(kWanted, 90, 1);
    for (int i = 0; i < 3; ++i)
        go_on(careful.next(RateLimit{3600, kFull}, now_));
    const auto wait = careful.next(RateLimit{3600, 3000}, now_);
    EXPECT_GE(3000 + wait / seconds(1), 3240);
}

}  // namespace
}  // namespace hcloud::agent

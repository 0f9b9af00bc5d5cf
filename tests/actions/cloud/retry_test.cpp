// How often and how fast the same request is tried again.
#include "actions/cloud/retry.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::Le;

std::vector<milliseconds> pauses(Again again, std::uint32_t seed = 1) {
    Retries retries(seed);
    std::vector<milliseconds> result;
    while (const auto pause = retries.next(again))
        result.push_back(*pause);
    return result;
}

TEST(Retries, AreBounded) {
    EXPECT_TRUE(pauses(Again::never).empty());
    EXPECT_EQ(pauses(Again::quickly).size(), 5U);
    EXPECT_EQ(pauses(Again::backing_off).size(), 4U);
    EXPECT_EQ(pauses(Again::refilled).size(), 5U);
    EXPECT_EQ(pauses(Again::unlocked).size(), 40U);
}

TEST(Retries, GrowAndStayWithinTheirJitter) {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        milliseconds mean(500);
        for (const auto pause : pauses(Again::backing_off, seed)) {
            EXPECT_THAT(pause, AllOf(Ge(mean / 2), Le(mean * 3 / 2)));
            mean *= 2;
        }
        EXPECT_THAT(pauses(Again::unlocked, seed),
                    Each(AllOf(Ge(milliseconds(250)), Le(seconds(3)))));
    }
}

TEST(Retries, WaitForTheBucketNotForItsFullRecovery) {
    // It gets a request a second; ratelimit-reset may be an hour away.
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        const auto all = pauses(Again::refilled, seed);
        EXPECT_THAT(all.front(), AllOf(Ge(milliseconds(500)), Le(milliseconds(1500))));
        EXPECT_THAT(all, Each(Le(seconds(24))));
    }
}

TEST(Retries, DifferFromSeedToSeedAndRepeatWithOne) {
    std::set<std::vector<milliseconds>> different;
    for (std::uint32_t seed = 0; seed < 100; ++seed)
        different.insert(pauses(Again::backing_off, seed));
    EXPECT_GT(different.size(), 95U);
    EXPECT_EQ(pauses(Again::refilled, 7), pauses(Again::refilled, 7));
}

TEST(Retries, CountEachReasonByItself) {
    Retries retries(1);
    while (retries.next(Again::backing_off)) {
    }
    EXPECT_TRUE(retries.next(Again::unlocked));
}

}  // namespace
}  // namespace hcloud::cloud

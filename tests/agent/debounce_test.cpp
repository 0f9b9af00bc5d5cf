// After a netlink event the dump waits for the end of the burst, a little; in a storm, wake-ups are
// spaced.
#include "agent/daemon/debounce.h"

#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

using std::chrono::milliseconds;

const auto kStart = Clock::time_point(std::chrono::seconds(1000));

TEST(Debounce, ASingleEventWaitsForTheQuietTime) {
    Debounce debounce;
    EXPECT_EQ(debounce.on_event(kStart), Debounce::kQuiet);
}

TEST(Debounce, ABurstIsWaitedForButNotForEver) {
    Debounce debounce;
    auto now = kStart;
    debounce.on_event(now);
    while (now < kStart + Debounce::kLongestBurst - Debounce::kQuiet) {
        EXPECT_EQ(debounce.on_event(now), Debounce::kQuiet);
        now += milliseconds(1);
    }
    EXPECT_EQ(debounce.on_event(kStart + Debounce::kLongestBurst), milliseconds(0));
    EXPECT_EQ(debounce.on_event(kStart + 2 * Debounce::kLongestBurst), milliseconds(0));
}

TEST(Debounce, ACycleEndsTheBurst) {
    Debounce debounce;
    debounce.on_event(kStart);
    debounce.on_cycle(kStart + milliseconds(1), true);
    EXPECT_EQ(debounce.on_event(kStart + Debounce::kLongestBurst), Debounce::kQuiet);
}

TEST(Debounce, AStormIsSpacedAndOverWhenItIsOver) {
    Debounce debounce;
    auto now = kStart;
    for (std::size_t i = 0; i < Debounce::kStorm; ++i) {
        now += milliseconds(2);
        debounce.on_cycle(now, false);
    }
    EXPECT_EQ(debounce.on_event(now), Debounce::kStormSpacing);
    EXPECT_EQ(debounce.on_event(now + std::chrono::seconds(2)), milliseconds(0));
    debounce.on_cycle(now + std::chrono::seconds(2), false);
    EXPECT_EQ(debounce.on_event(now + std::chrono::seconds(2)), Debounce::kQuiet);
}

TEST(Debounce, RepairsAreNoStorm) {
    Debounce debounce;
    for (std::size_t i = 0; i < 10 * Debounce::kStorm; ++i)
        debounce.on_cycle(kStart, true);
    EXPECT_EQ(debounce.on_event(kStart), Debounce::kQuiet);
}

}  // namespace
}  // namespace hcloud::agent

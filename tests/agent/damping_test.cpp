// Repair is immediate until something undoes it again and again; then the pauses grow, and calm
// ends them.
#include "agent/planner/damping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

using std::chrono::seconds;

const Key kX{Key::Kind::link, 1, {}};
const Key kY{Key::Kind::link, 2, {}};

class DampingTest : public testing::Test {
  protected:
    void lose(int times) {
        for (int i = 0; i < times; ++i)
            damping_.lost(kX, now_);
    }
    bool held() const { return damping_.held(now_).contains(kX); }
    bool contested() const { return damping_.contested(now_).contains(kX); }

    Damping damping_;
    Clock::time_point now_ = Clock::time_point(seconds(1000));
};

TEST_F(DampingTest, TheFirstLossesAreRepairedAtOnce) {
    lose(DampingLimits().free_losses);
    EXPECT_FALSE(held());
    EXPECT_FALSE(contested());
    EXPECT_EQ(damping_.next_release(now_), std::nullopt);
}

TEST_F(DampingTest, OneLossTooManyWithinTheWindowIsHeldAndContested) {
    lose(DampingLimits().free_losses + 1);
    EXPECT_TRUE(held());
    EXPECT_TRUE(contested());
    EXPECT_EQ(damping_.next_release(now_), now_ + DampingLimits().first_pause);
}

TEST_F(DampingTest, LossesFarApartAreNotAFight) {
    for (int i = 0; i < 10 * DampingLimits().free_losses; ++i) {
        lose(1);
        now_ += DampingLimits().window;
    }
    EXPECT_FALSE(contested());
}

TEST_F(DampingTest, PausesDoubleUpToTheLongest) {
    lose(DampingLimits().free_losses);
    std::vector<seconds> pauses;
    for (int i = 0; i < 9; ++i) {
        lose(1);
        const auto until = damping_.next_release(now_).value();
        pauses.push_back(std::chrono::duration_cast<seconds>(until - now_));
        now_ = until;
    }
    EXPECT_THAT(pauses,
                testing::ElementsAre(seconds(1), seconds(2), seconds(4), seconds(8), seconds(16),
                                     seconds(32), seconds(60), seconds(60), seconds(60)));
}

TEST_F(DampingTest, CalmStartsAfresh) {
    lose(DampingLimits().free_losses + 1);
    now_ += DampingLimits().first_pause + DampingLimits().calm + seconds(1);
    EXPECT_FALSE(contested());
    damping_.forget_calm(now_);
    lose(DampingLimits().free_losses);
    EXPECT_FALSE(held());
}

TEST_F(DampingTest, ARefusalIsHeldFromTheFirstTimeButNotContested) {
    damping_.failed(kX, now_);
    EXPECT_TRUE(held());
    EXPECT_FALSE(contested());
    now_ += DampingLimits().first_pause;
    EXPECT_FALSE(held());
    damping_.failed(kX, now_);
    EXPECT_EQ(damping_.next_release(now_), now_ + 2 * DampingLimits().first_pause);
}

TEST_F(DampingTest, ThingsAreCountedApart) {
    lose(DampingLimits().free_losses + 1);
    damping_.lost(kY, now_);
    EXPECT_EQ(damping_.held(now_), std::set<Key>{kX});
}

}  // namespace
}  // namespace hcloud::agent

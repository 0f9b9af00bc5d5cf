// One change at a time, in the order in which they were asked for.
#include "actions/cloud/change_queue.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hcloud::cloud {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

TEST(ChangeQueue, GivesATurnAtOnceIfNobodyHasIt) {
    ChangeQueue queue;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(queue.wait(milliseconds(0)));
}

TEST(ChangeQueue, HasOneTurnAtATime) {
    ChangeQueue queue;
    const auto turn = queue.wait(milliseconds(0));
    EXPECT_FALSE(queue.wait(milliseconds(5)));
}

TEST(ChangeQueue, MovesATurnWithoutGivingItUp) {
    ChangeQueue queue;
    auto turn = queue.wait(milliseconds(0));
    {
        const ChangeQueue::Turn moved(*std::move(turn));
        turn.reset();
        EXPECT_FALSE(queue.wait(milliseconds(5)));
    }
    EXPECT_TRUE(queue.wait(milliseconds(0)));
}

TEST(ChangeQueue, LetsNoTwoOverlapAndLosesNone) {
    ChangeQueue queue;
    int inside = 0;  // without a lock: a race detector sees what the queue misses
    int done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                const auto turn = queue.wait(seconds(20));
                ASSERT_TRUE(turn);
                ASSERT_EQ(++inside, 1);
                ++done;
                --inside;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(done, 1600);
}

TEST(ChangeQueue, KeepsTheOrderAndForgetsWhoGaveUp) {
    ChangeQueue queue;
    std::vector<int> order;
    auto turn = queue.wait(milliseconds(0));
    std::vector<std::thread> threads;
    std::atomic<int> gone = 0;
    for (int i = 0; i < 4; ++i) {
        const bool patient = i != 1;
        threads.emplace_back([&, i, patient] {
            const auto mine = queue.wait(patient ? milliseconds(20000) : milliseconds(1));
            if (mine) order.push_back(i);
            if (!patient) ++gone;
        });
        while (queue.length() < static_cast<std::size_t>(i) + 2 - static_cast<std::size_t>(gone))
            std::this_thread::yield();
    }
    while (gone == 0)
        std::this_thread::yield();
    turn.reset();
    for (auto& thread : threads)
        thread.join();
    EXPECT_THAT(order, ElementsAre(0, 2, 3));
}

TEST(ChangeQueue, IsClosedForGood) {
    ChangeQueue queue;
    auto turn = queue.wait(milliseconds(0));
    std::thread waiting([&] { EXPECT_FALSE(queue.wait(seconds(20))); });
    while (queue.length() < 2)
        std::this_thread::yield();
    queue.close();
    waiting.join();
    turn.reset();
    EXPECT_FALSE(queue.wait(milliseconds(0)));
}

}  // namespace
}  // namespace hcloud::cloud

// The event loop: a callback that throws is told of and stays armed; sources end with their owner;
// other threads may post.
#include "systemd/event.h"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

namespace hcloud::sd {
namespace {

using std::chrono::milliseconds;

class EventTest : public testing::Test {
  protected:
    EventTest() {
        event_.on_error(
            [this](const std::exception& error) { errors_.emplace_back(error.what()); });
        if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("pipe2 failed");
    }
    ~EventTest() override {
        close(pipe_[0]);
        close(pipe_[1]);
    }
    void write_byte() const { ASSERT_EQ(write(pipe_[1], "x", 1), 1); }
    void read_byte() const {
        char byte = 0;
        ASSERT_EQ(read(pipe_[0], &byte, 1), 1);
    }

    Event event_;
    std::vector<std::string> errors_;
    int pipe_[2] = {-1, -1};
};

TEST_F(EventTest, ASourceWhoseCallbackThrowsIsStillArmed) {
    int calls = 0;
    const auto source = event_.on_readable(pipe_[0], [&] {
        read_byte();
        if (++calls == 2) event_.quit();
        write_byte();
        throw std::runtime_error("call " + std::to_string(calls));
    });
    write_byte();
    event_.run();
    EXPECT_EQ(errors_, (std::vector<std::string>{"call 1", "call 2"}));
}

TEST_F(EventTest, ATimerFiresOnceForEachTimeItIsArmed) {
    int calls = 0;
    Source timer;
    timer = event_.timer([&] {
        if (++calls == 3) return event_.quit();
        timer.arm(milliseconds(1));
    });
    timer.arm(milliseconds(1));
    event_.run();
    EXPECT_EQ(calls, 3);
}

TEST_F(EventTest, ADisarmedTimerDoesNotFire) {
    bool fired = false;
    auto timer = event_.timer([&] { fired = true; });
    auto end = event_.timer([&] { event_.quit(); });
    timer.arm(milliseconds(1));
    timer.disarm();
    end.arm(milliseconds(20));
    event_.run();
    EXPECT_FALSE(fired);
}

TEST_F(EventTest, ASourceEndsWithItsOwner) {
    bool called = false;
    {
        const auto source = event_.on_readable(pipe_[0], [&] { called = true; });
        write_byte();
    }
    auto end = event_.timer([&] { event_.quit(); });
    end.arm(milliseconds(5));
    event_.run();
    EXPECT_FALSE(called);
}

TEST_F(EventTest, PostedWorkRunsInOrderOnTheLoopsThread) {
    std::vector<int> order;
    const auto loop = std::this_thread::get_id();
    std::thread poster([&] {
        for (int i = 0; i < 100; ++i) {
            event_.post([&, i] {
                EXPECT_EQ(std::this_thread::get_id(), loop);
                order.push_back(i);
                if (i == 50) throw std::runtime_error("posted");
                if (i == 99) event_.quit();
            });
        }
    });
    event_.run();
    poster.join();
    EXPECT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(errors_, std::vector<std::string>{"posted"});
}

TEST_F(EventTest, ASignalIsACallbackEvenIfItWasInheritedAsIgnored) {
    std::signal(SIGHUP, SIG_IGN);
    bool called = false;
    const auto source = event_.on_signal(SIGHUP, [&] {
        called = true;
        event_.quit();
    });
    ASSERT_EQ(kill(getpid(), SIGHUP), 0);
    event_.run();
    EXPECT_TRUE(called);
}

}  // namespace
}  // namespace hcloud::sd

// One job at a time, with a deadline; whatever a job throws comes back as an answer.
#include "agent/daemon/worker.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace hcloud::agent {
namespace {

// Blocks until it is cancelled, as a request to a service that never answers.
class Blocker {
  public:
    void wait() {
        std::unique_lock lock(mutex_);
        condition_.wait(lock, [this] { return cancelled_; });
    }
    void cancel() {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
        condition_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool cancelled_ = false;
};

constexpr std::chrono::hours kLong{1};

class WorkerTest : public testing::Test {
  protected:
    void start(Worker::Job job, std::chrono::milliseconds deadline = kLong) {
        worker_.start(
            deadline, std::move(job),
            [this](const std::string& why) {
                broken_ = why;
                event_.quit();
            },
            [this] { blocker_.cancel(); });
    }

    sd::Event event_;
    Worker worker_{event_};
    Blocker blocker_;
    std::string broken_;
};

TEST_F(WorkerTest, TheAnswerRunsOnTheLoopsThread) {
    const auto loop = std::this_thread::get_id();
    bool answered = false;
    start([&] {
        EXPECT_NE(std::this_thread::get_id(), loop);
        return [&] {
            EXPECT_EQ(std::this_thread::get_id(), loop);
            EXPECT_FALSE(worker_.busy());
            answered = true;
            event_.quit();
        };
    });
    EXPECT_TRUE(worker_.busy());
    event_.run();
    EXPECT_TRUE(answered);
}

TEST_F(WorkerTest, WhatAJobThrowsComesBack) {
    start([]() -> sd::Callback { throw std::runtime_error("no memory"); });
    event_.run();
    EXPECT_EQ(broken_, "no memory");
    EXPECT_FALSE(worker_.busy());
}

TEST_F(WorkerTest, TheDeadlineCancels) {
    bool answered = false;
    start(
        [&] {
            blocker_.wait();
            return [&] {
                answered = true;
                event_.quit();
            };
        },
        std::chrono::milliseconds(5));
    event_.run();
    EXPECT_TRUE(answered);
}

TEST_F(WorkerTest, StoppingCancelsAndWaits) {
    std::atomic<bool> ended = false;
    start([&] {
        blocker_.wait();
        ended = true;
        return [] {};
    });
    EXPECT_TRUE(worker_.stop(kLong));
    EXPECT_TRUE(ended);
}

TEST_F(WorkerTest, AJobThatCannotBeCancelledIsToldOf) {
    // Shared with the thread, which may still be leaving wait() when the test is over.
    const auto deaf = std::make_shared<Blocker>();
    start([deaf] {
        deaf->wait();
        return [] {};
    });
    EXPECT_FALSE(worker_.stop(std::chrono::milliseconds(10)));
    deaf->cancel();
}

}  // namespace
}  // namespace hcloud::agent

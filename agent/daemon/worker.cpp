#include "agent/daemon/worker.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace hcloud::agent {

class Worker::Thread {
  public:
    Thread(sd::Event& event, Job job, std::function<void()> cancel)
        : cancel_(std::move(cancel)), thread_([this, &event, job = std::move(job)] {
              auto finish = job();
              event.post([this, finish = std::move(finish)] {
                  done_ = true;
                  finish();
              });
              const std::lock_guard lock(mutex_);
              ended_ = true;
              condition_.notify_all();
          }) {}
    ~Thread() { thread_.join(); }
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    void cancel() const { cancel_(); }
    bool done() const { return done_; }  // on the loop's thread

    bool wait(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        return condition_.wait_for(lock, limit, [this] { return ended_; });
    }

  private:
    std::function<void()> cancel_;
    std::mutex mutex_;
    std::condition_variable condition_;
    bool ended_ = false;
    bool done_ = false;
    std::thread thread_;  // last: it uses all of the above
};

Worker::Worker(sd::Event& event)
    : event_(event), deadline_(event.timer([this] {
          if (busy()) thread_->cancel();
      })) {}

Worker::~Worker() {
    if (thread_ != nullptr) thread_->cancel();
}

bool Worker::busy() const {
    return thread_ != nullptr && !thread_->done();
}

void Worker::start(std::chrono::milliseconds deadline, Job job, std::function<void()> cancel) {
    thread_.reset();  // the earlier job has ended: its thread only has to be joined
    thread_ = std::make_unique<Thread>(event_, std::move(job), std::move(cancel));
    deadline_.arm(deadline);
}

bool Worker::stop(std::chrono::milliseconds limit) {
    if (thread_ == nullptr) return true;
    thread_->cancel();
    return thread_->wait(limit);
}

}  // namespace hcloud::agent

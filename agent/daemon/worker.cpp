#include "agent/daemon/worker.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace hcloud::agent {

namespace {

// Nothing may leave the thread but an answer: std::terminate() would be the agent's end.
sd::Callback answer_of(const Worker::Job& job,
                       const std::function<void(const std::string&)>& broken) {
    try {
        return job();
    } catch (const std::exception& error) {
        return [broken, why = std::string(error.what())] { broken(why); };
    } catch (...) {
        return [broken] { broken("unknown exception"); };
    }
}

}  // namespace

class Worker::Thread {
  public:
    Thread(sd::Event& event, Job job, std::function<void(const std::string&)> broken,
           std::function<void()> cancel)
        : cancel_(std::move(cancel)),
          thread_([this, &event, job = std::move(job), broken = std::move(broken)] {
              auto finish = answer_of(job, broken);
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

void Worker::start(std::chrono::milliseconds deadline, Job job,
                   std::function<void(const std::string&)> broken, std::function<void()> cancel) {
    thread_.reset();  // the earlier job has ended: its thread only has to be joined
    thread_ =
        std::make_unique<Thread>(event_, std::move(job), std::move(broken), std::move(cancel));
    deadline_.arm(deadline);
}

bool Worker::stop(std::chrono::milliseconds limit) {
    if (thread_ == nullptr) return true;
    thread_->cancel();
    if (!thread_->wait(limit)) return false;
    thread_.reset();
    return true;
}

}  // namespace hcloud::agent

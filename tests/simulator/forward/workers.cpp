#include "tests/simulator/forward/workers.h"

#include <system_error>
#include <utility>

namespace hcloud::sim {

Workers::~Workers() {
    for (Worker& worker : workers_)
        worker.thread.join();
}

bool Workers::start(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    forget_ended();
    if (workers_.size() >= limit_) return false;
    Worker& worker = workers_.emplace_back();
    try {
        worker.thread = std::thread([&worker, work = std::move(work)] {
            work();
            worker.ended = true;
        });
    } catch (const std::system_error&) {
        workers_.pop_back();  // the system's limit
        return false;
    }
    return true;
}

void Workers::forget_ended() {
    workers_.remove_if([](Worker& worker) {
        if (!worker.ended) return false;
        worker.thread.join();
        return true;
    });
}

}  // namespace hcloud::sim

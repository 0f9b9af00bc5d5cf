// Wakes when somebody changes the guard of the metadata service. Lives on the loop's thread.
#pragma once

#include "actions/host/guard_monitor.h"
#include "systemd/event.h"

#include <functional>
#include <memory>
#include <string>

namespace hcloud::agent {

class GuardWatch {
  public:
    GuardWatch(sd::Event& event, std::function<void()> wake);

    /// While there is a guard; before the first look at it, so that nothing falls between them.
    /// What cannot be watched is tried again with the next call: once in a while there is a cycle
    /// anyway.
    void watch(bool wanted);
    /// Reads what is queued, so that a look shows all that it told of.
    void drain();
    /// Why there is no watching; empty if there is, or need not be.
    const std::string& problem() const { return problem_; }

  private:
    void open();
    bool drained();

    sd::Event& event_;
    std::function<void()> wake_;
    std::unique_ptr<host::GuardMonitor> monitor_;
    sd::Source io_;
    std::string problem_;
};

}  // namespace hcloud::agent

// A command that is interrupted ends its call, and still prints what it knows.
#pragma once

#include "actions/cloud/client.h"

#include <atomic>
#include <thread>

#include <signal.h>

namespace hcloud::agent {

/// While it lives, the first SIGINT or SIGTERM cancels the client's calls instead of ending the
/// process. The client outlives it.
class CancelOnSignal {
  public:
    /// `caught` gets the signal's number.
    CancelOnSignal(cloud::Client& client, int& caught);
    ~CancelOnSignal();
    CancelOnSignal(const CancelOnSignal&) = delete;
    CancelOnSignal& operator=(const CancelOnSignal&) = delete;

  private:
    void wait();

    cloud::Client& client_;
    int& caught_;
    sigset_t signals_{};
    sigset_t before_{};
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

/// Ends the process as that signal would have; returns if it is 0.
void end_by(int signal);

}  // namespace hcloud::agent

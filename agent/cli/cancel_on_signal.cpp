#include "agent/cli/cancel_on_signal.h"

#include <cstdio>

namespace hcloud::agent {

CancelOnSignal::CancelOnSignal(cloud::Client& client, int& caught)
    : client_(client), caught_(caught) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    thread_ = std::thread([this] { wait(); });
}

CancelOnSignal::~CancelOnSignal() {
    over_ = true;
    pthread_kill(thread_.native_handle(), SIGTERM);  // ends its wait, if it still waits
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void CancelOnSignal::wait() {
    int number = 0;
    sigwait(&signals_, &number);
    if (over_) return;
    caught_ = number;
    client_.cancel();
}

void end_by(int signal) {
    if (signal == 0) return;
    std::fflush(stdout);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

}  // namespace hcloud::agent

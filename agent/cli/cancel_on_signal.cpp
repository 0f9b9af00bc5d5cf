#include "agent/cli/cancel_on_signal.h"

#include <cstdio>

namespace hcloud::agent {

namespace {

constexpr int kOver = SIGUSR1;  // to the waiting thread alone

bool is_ignored(int signal) {
    struct sigaction now {};
    return sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

CancelOnSignal::CancelOnSignal(cloud::Client& client, int& caught)
    : client_(client), caught_(caught) {
    sigemptyset(&signals_);
    sigaddset(&signals_, kOver);
    // A shell has SIGINT ignored by what it runs in the background.
    for (const int signal : {SIGINT, SIGTERM}) {
        if (!is_ignored(signal)) sigaddset(&signals_, signal);
    }
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    thread_ = std::thread([this] { wait(); });
}

CancelOnSignal::~CancelOnSignal() {
    over_ = true;
    pthread_kill(thread_.native_handle(), kOver);
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void CancelOnSignal::wait() {
    int number = kOver;
    while (number == kOver && !over_)
        sigwait(&signals_, &number);
    if (number == kOver) return;
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

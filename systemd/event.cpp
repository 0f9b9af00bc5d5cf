#include "systemd/event.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <deque>
#include <mutex>
#include <system_error>
#include <utility>

#include <systemd/sd-event.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hcloud::sd {

namespace {

int check(int result, const char* what) {
    if (result < 0) throw std::system_error(-result, std::generic_category(), what);
    return result;
}

using ErrorHandler = std::function<void(const std::exception&)>;

}  // namespace

struct Source::State {
    sd_event_source* source = nullptr;
    Callback callback;
    std::shared_ptr<ErrorHandler> error_handler;

    State(Callback wanted, std::shared_ptr<ErrorHandler> handler)
        : callback(std::move(wanted)), error_handler(std::move(handler)) {}
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { sd_event_source_disable_unref(source); }

    // Always 0: a negative answer would make sd-event disable the source.
    int fire() const {
        try {
            callback();
        } catch (const std::exception& error) {
            if (*error_handler) (*error_handler)(error);
        }
        return 0;
    }

    static int io(sd_event_source*, int, std::uint32_t, void* state) {
        return static_cast<State*>(state)->fire();
    }
    static int time(sd_event_source*, std::uint64_t, void* state) {
        return static_cast<State*>(state)->fire();
    }
    static int signal(sd_event_source*, const signalfd_siginfo*, void* state) {
        return static_cast<State*>(state)->fire();
    }
};

Source::Source() = default;
Source::Source(std::unique_ptr<State> state) : state_(std::move(state)) {}
Source::Source(Source&&) noexcept = default;
Source& Source::operator=(Source&&) noexcept = default;
Source::~Source() = default;

void Source::arm(std::chrono::microseconds delay) {
    const auto usec = static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0));
    check(sd_event_source_set_time_relative(state_->source, usec), "set timer");
    check(sd_event_source_set_enabled(state_->source, SD_EVENT_ONESHOT), "arm timer");
}

void Source::disarm() {
    check(sd_event_source_set_enabled(state_->source, SD_EVENT_OFF), "disarm timer");
}

class Event::Impl {
  public:
    Impl() : errors_(std::make_shared<ErrorHandler>()) {
        check(sd_event_new(&event_), "sd_event_new");
        wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
        wake_ = add_io(wake_fd_, [this] { run_posted(); });
    }
    ~Impl() {
        wake_ = {};
        close(wake_fd_);
        sd_event_unref(event_);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Source add_io(int fd, Callback callback) {
        auto state = std::make_unique<Source::State>(std::move(callback), errors_);
        check(sd_event_add_io(event_, &state->source, fd, EPOLLIN, Source::State::io, state.get()),
              "sd_event_add_io");
        return Source(std::move(state));
    }

    Source add_signal(int number, Callback callback) {
        // Under nohup(1) and some shells SIGHUP is inherited as ignored, and then it never arrives.
        if (std::signal(number, SIG_DFL) == SIG_ERR) {
            throw std::system_error(errno, std::generic_category(), "signal");
        }
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, number);
        check(-pthread_sigmask(SIG_BLOCK, &set, nullptr), "pthread_sigmask");
        auto state = std::make_unique<Source::State>(std::move(callback), errors_);
        check(
            sd_event_add_signal(event_, &state->source, number, Source::State::signal, state.get()),
            "sd_event_add_signal");
        return Source(std::move(state));
    }

    Source add_timer(Callback callback) {
        auto state = std::make_unique<Source::State>(std::move(callback), errors_);
        check(sd_event_add_time(event_, &state->source, CLOCK_MONOTONIC, UINT64_MAX, 1,
                                Source::State::time, state.get()),
              "sd_event_add_time");
        check(sd_event_source_set_enabled(state->source, SD_EVENT_OFF), "disarm timer");
        return Source(std::move(state));
    }

    void post(Callback callback) {
        {
            const std::lock_guard lock(mutex_);
            posted_.push_back(std::move(callback));
        }
        const std::uint64_t one = 1;
        // The only failure is a full counter, and then the loop is awake already.
        [[maybe_unused]] const auto written = write(wake_fd_, &one, sizeof one);
    }

    sd_event* event() { return event_; }
    ErrorHandler& errors() { return *errors_; }

  private:
    void run_posted() {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto size = read(wake_fd_, &count, sizeof count);
        while (auto callback = next_posted()) {
            try {
                callback();
            } catch (const std::exception& error) {
                if (*errors_) (*errors_)(error);
            }
        }
    }

    Callback next_posted() {
        const std::lock_guard lock(mutex_);
        if (posted_.empty()) return {};
        auto callback = std::move(posted_.front());
        posted_.pop_front();
        return callback;
    }

    sd_event* event_ = nullptr;
    std::shared_ptr<ErrorHandler> errors_;
    int wake_fd_ = -1;
    Source wake_;
    std::mutex mutex_;
    std::deque<Callback> posted_;
};

Event::Event() : impl_(std::make_unique<Impl>()) {}
Event::~Event() = default;

Source Event::on_readable(int fd, Callback callback) {
    return impl_->add_io(fd, std::move(callback));
}
Source Event::on_signal(int number, Callback callback) {
    return impl_->add_signal(number, std::move(callback));
}
Source Event::timer(Callback callback) {
    return impl_->add_timer(std::move(callback));
}
void Event::post(Callback callback) {
    impl_->post(std::move(callback));
}
void Event::on_error(ErrorHandler handler) {
    impl_->errors() = std::move(handler);
}

bool Event::feed_watchdog() {
    return check(sd_event_set_watchdog(impl_->event(), 1), "sd_event_set_watchdog") > 0;
}

void Event::run() {
    check(sd_event_loop(impl_->event()), "sd_event_loop");
}
void Event::quit() {
    check(sd_event_exit(impl_->event(), 0), "sd_event_exit");
}

}  // namespace hcloud::sd

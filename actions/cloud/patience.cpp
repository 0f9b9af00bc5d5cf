#include "actions/cloud/patience.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hcloud::cloud {

namespace {

int to_milliseconds(std::chrono::steady_clock::duration left) {
    constexpr std::int64_t kMost = 1000L * 3600 * 24;
    const auto count = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<std::int64_t>(count, 0, kMost));
}

}  // namespace

Event::Event() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Event::~Event() {
    ::close(fd_);
}

void Event::happen() noexcept {
    happened_ = true;
    // A full counter is readable, too.
    [[maybe_unused]] const int result = ::eventfd_write(fd_, 1);
}

Waited Patience::wait(int fd, short events) const {
    const auto until = std::min(deadline_, std::chrono::steady_clock::now() + idle_);
    while (true) {
        const auto left = until - std::chrono::steady_clock::now();
        std::array<pollfd, 2> entries{{{fd, events, 0}, {cancelled_.fd(), POLLIN, 0}}};
        const int count = ::poll(entries.data(), entries.size(), to_milliseconds(left));
        if (cancelled()) return Waited::cancelled;
        if (count > 0) return Waited::ready;
        if (count < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        if (left.count() <= 0) return over() ? Waited::deadline : Waited::idle;
    }
}

}  // namespace hcloud::cloud

#include "tests/simulator/event.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hcloud::sim {

Event::Event() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Event::~Event() {
    close(fd_);
}

void Event::set() noexcept {
    const std::uint64_t one = 1;
    // Can only fail when the counter is full: then it is set already.
    [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof one);
}

Wake Event::wait(int socket, std::optional<std::chrono::milliseconds> limit) const {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + limit.value_or(std::chrono::milliseconds(0));
    for (;;) {
        std::array<pollfd, 2> fds{{{fd_, POLLIN, 0}, {socket, POLLRDHUP, 0}}};
        int timeout = -1;
        if (limit) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
            timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
        }
        const int ready = poll(fds.data(), fds.size(), timeout);
        if (ready < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        if (ready > 0) return fds[0].revents != 0 ? Wake::set : Wake::client_left;
        if (ready == 0 && Clock::now() >= end) return Wake::timeout;
    }
}

}  // namespace hcloud::sim

#include "metadata/socket.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace hcloud::metadata {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category());
}

/// The errno that the connect ended with.
int wait_connected(int fd, Clock::time_point deadline) {
    while (true) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return ETIMEDOUT;
        pollfd entry{fd, POLLOUT, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(left));
        if (ready > 0) break;
        if (ready < 0 && errno != EINTR) return errno;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Interrupt::~Interrupt() {
    release();
}

void Interrupt::trigger() noexcept {
    const std::lock_guard lock(mutex_);
    triggered_ = true;
    if (fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
}

bool Interrupt::triggered() const noexcept {
    const std::lock_guard lock(mutex_);
    return triggered_;
}

int Interrupt::connect(int fd, const sockaddr* address, socklen_t length) noexcept {
    release();
    // Under the lock: shutdown(2) before connect(2) would have no effect.
    const std::lock_guard lock(mutex_);
    if (triggered_) return ECANCELED;
    fd_ = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (fd_ < 0) return errno;
    return ::connect(fd, address, length) == 0 ? 0 : errno;
}

void Interrupt::release() noexcept {
    const std::lock_guard lock(mutex_);
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

int WatchedSocket::sendBytes(const void* buffer, int length, int flags) {
    // Poco does not ask for it, and a cut connection must not raise SIGPIPE.
    return StreamSocketImpl::sendBytes(buffer, length, flags | MSG_NOSIGNAL);
}

int WatchedSocket::receiveBytes(void* buffer, int length, int flags) {
    const int count = StreamSocketImpl::receiveBytes(buffer, length, flags);
    if (count <= 0) {
        ended_ = true;
        return 0;
    }
    const auto fresh = static_cast<std::size_t>(count);
    received_ += fresh;
    const auto kept = std::min(fresh, tail_.size());
    std::shift_left(tail_.begin(), tail_.end(), static_cast<std::ptrdiff_t>(kept));
    std::copy_n(static_cast<const char*>(buffer) + fresh - kept, kept,
                tail_.end() - static_cast<std::ptrdiff_t>(kept));
    return count;
}

void WatchedSocket::start_answer() {
    received_ = 0;
    tail_.fill('\0');
}

bool WatchedSocket::received_last(std::string_view bytes) const {
    return std::string_view(tail_.data(), tail_.size()).ends_with(bytes);
}

Poco::AutoPtr<WatchedSocket> connect_socket(const Poco::Net::SocketAddress& address,
                                            std::chrono::milliseconds limit, Interrupt& interrupt) {
    const auto deadline = Clock::now() + limit;
    const int fd = ::socket(address.af(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) fail(errno);
    Poco::AutoPtr<WatchedSocket> socket(new WatchedSocket(fd));
    int error = interrupt.connect(fd, address.addr(), address.length());
    if (error == EINPROGRESS) error = wait_connected(fd, deadline);
    if (interrupt.triggered()) error = ECANCELED;
    if (error != 0) {
        interrupt.release();
        fail(error);
    }
    socket->setBlocking(true);
    socket->setNoDelay(true);
    return socket;
}

}  // namespace hcloud::metadata

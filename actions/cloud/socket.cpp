#include "actions/cloud/socket.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <Poco/Exception.h>

#include <poll.h>
#include <sys/socket.h>
#include <time.h>

namespace hcloud::cloud {

namespace {

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category());
}

bool is_passing(int error) {
    return error == EAGAIN || error == EWOULDBLOCK;
}

/// The errno that the connect ended with.
int wait_connected(int fd, const Patience& patience) {
    const auto waited = patience.wait(fd, POLLOUT);
    if (waited == Waited::cancelled) return ECANCELED;
    if (waited != Waited::ready) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof(error);
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

void Traffic::start_answer() {
    *this = {};
}

int Traffic::note(const void* buffer, int count) {
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

bool Traffic::received_last(std::string_view bytes) const {
    return std::string_view(tail_.data(), tail_.size()).ends_with(bytes);
}

int TcpSocket::sendBytes(const void* buffer, int length, int flags) {
    int sent = 0;
    while (sent < length) {
        const auto count = ::send(sockfd(), static_cast<const char*>(buffer) + sent,
                                  static_cast<std::size_t>(length - sent), flags | MSG_NOSIGNAL);
        if (count >= 0) {
            sent += static_cast<int>(count);
        } else if (is_passing(errno)) {
            wait(POLLOUT);
        } else if (errno != EINTR) {
            error(errno);
        }
    }
    return sent;
}

int TcpSocket::receiveBytes(void* buffer, int length, int flags) {
    check();
    while (true) {
        const auto count = ::recv(sockfd(), buffer, static_cast<std::size_t>(length), flags);
        if (count >= 0) return traffic_.note(buffer, static_cast<int>(count));
        if (is_passing(errno)) {
            wait(POLLIN);
        } else if (errno != EINTR) {
            error(errno);
        }
    }
}

bool TcpSocket::poll(const Poco::Timespan& /*timeout*/, int mode) {
    wait(mode == SELECT_WRITE ? POLLOUT : POLLIN);
    return true;
}

void TcpSocket::check() const {
    if (patience_.over() || patience_.cancelled()) throw Poco::TimeoutException();
}

void TcpSocket::wait(short events) {
    if (patience_.wait(sockfd(), events) != Waited::ready) throw Poco::TimeoutException();
}

bool TcpSocket::quiet() {
    pollfd entry{sockfd(), POLLIN | POLLRDHUP, 0};
    return ::poll(&entry, 1, 0) == 0;
}

Poco::AutoPtr<TcpSocket> connect_socket(const Poco::Net::SocketAddress& address,
                                        const Patience& patience, Traffic& traffic) {
    const int fd = ::socket(address.af(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) fail(errno);
    Poco::AutoPtr<TcpSocket> socket(new TcpSocket(fd, patience, traffic));
    int error = ::connect(fd, address.addr(), address.length()) == 0 ? 0 : errno;
    if (error == EINPROGRESS) error = wait_connected(fd, patience);
    if (error != 0) fail(error);
    socket->setNoDelay(true);
    return socket;
}

SigpipeBlock::SigpipeBlock() noexcept {
    sigset_t pipe;
    sigset_t pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &before_);
}

SigpipeBlock::~SigpipeBlock() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    const timespec no_wait{};
    while (!was_pending_ && sigtimedwait(&pipe, nullptr, &no_wait) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace hcloud::cloud

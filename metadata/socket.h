// A TCP connection that another thread can cut. Internal to this folder.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string_view>

#include <Poco/AutoPtr.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <sys/socket.h>

namespace hcloud::metadata {

/// Cuts the connection of another thread, for good. Holds a duplicate of the descriptor: shutting
/// that down ends the connection, and can never hit a number that was closed and given to somebody
/// else.
class Interrupt {
  public:
    Interrupt() = default;
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    void trigger() noexcept;  // from any thread
    bool triggered() const noexcept;

    /// connect(2) on a non-blocking socket, which trigger() cuts from here on. Returns its errno
    /// (0, EINPROGRESS, …) or ECANCELED.
    int connect(int fd, const sockaddr* address, socklen_t length) noexcept;
    /// Forgets the connection; the kernel closes it only when both descriptors are closed.
    void release() noexcept;

  private:
    mutable std::mutex mutex_;
    bool triggered_ = false;
    int fd_ = -1;
};

/// What Poco's streams hide: whether an answer had begun, and whether the peer ended it.
class WatchedSocket : public Poco::Net::StreamSocketImpl {
  public:
    explicit WatchedSocket(int fd) : StreamSocketImpl(fd) {}

    int sendBytes(const void* buffer, int length, int flags) override;
    int receiveBytes(void* buffer, int length, int flags) override;

    void start_answer();
    std::size_t received() const { return received_; }
    bool ended() const { return ended_; }
    /// Whether the latest bytes received are these (at most five).
    bool received_last(std::string_view bytes) const;

    ~WatchedSocket() override = default;

  private:
    std::size_t received_ = 0;
    bool ended_ = false;
    std::array<char, 5> tail_{};
};

/// A connected, blocking socket. Throws std::system_error: the errno of connect(2), ETIMEDOUT after
/// `limit`, ECANCELED if interrupted.
Poco::AutoPtr<WatchedSocket> connect_socket(const Poco::Net::SocketAddress& address,
                                            std::chrono::milliseconds limit, Interrupt& interrupt);

}  // namespace hcloud::metadata

// A TCP connection that waits no longer than it is told. Internal to this folder.
#pragma once

#include "actions/cloud/patience.h"

#include <array>
#include <cstddef>
#include <string_view>

#include <Poco/AutoPtr.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <signal.h>

namespace hcloud::cloud {

/// What Poco's streams hide: whether an answer had begun, and whether the peer ended it.
class Traffic {
  public:
    void start_answer();
    /// What a receiveBytes() got; 0 for the end.
    int note(const void* buffer, int count);

    std::size_t received() const { return received_; }
    bool ended() const { return ended_; }
    /// Whether the latest bytes received are these (at most five).
    bool received_last(std::string_view bytes) const;

  private:
    std::size_t received_ = 0;
    bool ended_ = false;
    std::array<char, 5> tail_{};
};

/// The descriptor is non-blocking while Poco believes that it blocks: so whatever has to wait, TLS
/// included, does so in poll() here. Throws Poco::TimeoutException when patience ends.
class TcpSocket : public Poco::Net::StreamSocketImpl {
  public:
    /// `patience` and `traffic` outlive the socket.
    TcpSocket(int fd, const Patience& patience, Traffic& traffic)
        : StreamSocketImpl(fd), patience_(patience), traffic_(traffic) {}
    ~TcpSocket() override = default;

    int sendBytes(const void* buffer, int length, int flags) override;
    int receiveBytes(void* buffer, int length, int flags) override;
    bool poll(const Poco::Timespan& timeout, int mode) override;

    /// Nothing has come, not even the end: a connection between two exchanges has to be like that.
    bool quiet();
    Traffic& traffic() { return traffic_; }
    /// Also where nothing has to be waited for: a peer may send without end.
    void check() const;

  private:
    void wait(short events);

    const Patience& patience_;
    Traffic& traffic_;
};

/// A connected socket. Throws std::system_error: the errno of connect(2), ETIMEDOUT, ECANCELED.
Poco::AutoPtr<TcpSocket> connect_socket(const Poco::Net::SocketAddress& address,
                                        const Patience& patience, Traffic& traffic);

/// Keeps SIGPIPE from this thread: OpenSSL does not ask send(2) to do so, and a cut connection must
/// not end the process. The process-wide disposition is the application's business.
class SigpipeBlock {
  public:
    SigpipeBlock() noexcept;
    ~SigpipeBlock();
    SigpipeBlock(const SigpipeBlock&) = delete;
    SigpipeBlock& operator=(const SigpipeBlock&) = delete;

  private:
    sigset_t before_{};
    bool was_pending_ = false;
};

}  // namespace hcloud::cloud

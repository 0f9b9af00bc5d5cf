#include "tests/simulator/forward/relays.h"

#include "tests/simulator/forward/connect.h"

#include <array>
#include <utility>

#include <Poco/Exception.h>

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace hcloud::sim {

namespace {

namespace net = Poco::Net;

constexpr std::chrono::seconds kConnectLimit(5);
// So long a target may leave what was sent to it unacknowledged: one that is switched off holds
// nobody for the kernel's quarter of an hour.
constexpr std::chrono::milliseconds kSilenceLimit(30'000);

/// Wakes whoever reads from it, or writes to it.
void cut(const net::StreamSocket& socket) {
    ::shutdown(socket.impl()->sockfd(), SHUT_RDWR);
}

/// Until `from` ends, of which `to` is told; if one breaks off, both are cut.
void copy(net::StreamSocket from, net::StreamSocket to) {
    std::array<char, 16'384> buffer;
    try {
        for (;;) {
            const int count = from.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            if (count <= 0) break;
            to.sendBytes(buffer.data(), count, MSG_NOSIGNAL);
        }
        to.shutdownSend();
    } catch (const Poco::Exception&) {
        cut(from);
        cut(to);
    }
}

void prepare(net::StreamSocket& client, net::StreamSocket& target) {
    client.setNoDelay(true);
    target.setNoDelay(true);
    target.impl()->setOption(IPPROTO_TCP, TCP_USER_TIMEOUT,
                             static_cast<int>(kSilenceLimit.count()));
}

}  // namespace

/// A pair's place among those that the destructor cuts.
class Relays::Entry {
  public:
    Entry(Relays& relays, const Pair& pair) : relays_(relays) {
        const std::lock_guard lock(relays_.mutex_);
        place_ = relays_.open_.insert(relays_.open_.end(), pair);
        if (!relays_.stopping_) return;
        cut(pair.client);
        cut(pair.target);
    }
    ~Entry() {
        const std::lock_guard lock(relays_.mutex_);
        relays_.open_.erase(place_);
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

  private:
    Relays& relays_;
    std::list<Pair>::iterator place_;
};

Relays::~Relays() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const Pair& pair : open_) {
        cut(pair.client);
        cut(pair.target);
    }
}

bool Relays::start(const net::StreamSocket& client, const net::SocketAddress& target, Ended ended) {
    return workers_.start(
        [this, client, target, ended = std::move(ended)] { ended(!relay(client, target)); });
}

bool Relays::relay(net::StreamSocket client, const net::SocketAddress& address) {
    net::StreamSocket target(address.family());
    if (!connect_within(target, address, kConnectLimit, stopping_)) return false;
    try {
        prepare(client, target);
        exchange({client, target});
    } catch (const std::exception&) {
        // The client has gone meanwhile, or the system has no thread left.
    }
    return true;
}

void Relays::exchange(const Pair& pair) {
    const Entry entry(*this, pair);
    std::thread back([&pair] { copy(pair.target, pair.client); });
    copy(pair.client, pair.target);
    back.join();
}

}  // namespace hcloud::sim

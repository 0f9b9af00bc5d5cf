#include "tests/simulator/forward/connect.h"

#include <Poco/Exception.h>
#include <Poco/Timespan.h>

namespace hcloud::sim {

namespace {

namespace net = Poco::Net;

const Poco::Timespan kSlice(0, 50'000);  // between two looks at `stopping`

}  // namespace

bool connect_within(net::StreamSocket& socket, const net::SocketAddress& address,
                    std::chrono::milliseconds limit, const std::atomic<bool>& stopping) {
    using Clock = std::chrono::steady_clock;
    try {
        socket.connectNB(address);
        for (const auto end = Clock::now() + limit; !stopping && Clock::now() < end;) {
            if (!socket.poll(kSlice, net::Socket::SELECT_WRITE | net::Socket::SELECT_ERROR))
                continue;
            if (socket.impl()->socketError() != 0) return false;
            socket.setBlocking(true);
            return true;
        }
    } catch (const Poco::Exception&) {
        // What exactly is wrong with the target makes no difference to the client.
    }
    return false;
}

}  // namespace hcloud::sim

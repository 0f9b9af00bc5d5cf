// Connecting to a target, for its health checks and its clients.
#pragma once

#include <atomic>
#include <chrono>

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

namespace hcloud::sim {

/// False if it is refused or takes longer than `limit`, and soon after `stopping` is set.
bool connect_within(Poco::Net::StreamSocket& socket, const Poco::Net::SocketAddress& address,
                    std::chrono::milliseconds limit, const std::atomic<bool>& stopping);

}  // namespace hcloud::sim

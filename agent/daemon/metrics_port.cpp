#include "agent/daemon/metrics_port.h"

#include <utility>

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <fmt/format.h>

namespace hcloud::agent {

MetricsPort::MetricsPort(sd::Event& event, const Log& log, Resource metrics)
    : event_(event), log_(log), metrics_(std::move(metrics)) {}

void MetricsPort::listen(const std::string& address) {
    if (server_ != nullptr && address == address_) return;
    address_ = address;
    server_.reset();
    if (address.empty()) return;
    try {
        constexpr int kBacklog = 16;
        Poco::Net::ServerSocket socket;
        socket.bind(Poco::Net::SocketAddress(address), true);
        socket.listen(kBacklog);
        server_ = std::make_unique<ResourceServer>(
            event_, socket, ResourceServer::Resources{{"/metrics", metrics_}});
    } catch (const Poco::Exception& error) {
        log_.warning(message::kMetricsFail,
                     fmt::format("metrics: cannot listen on {}: {}", address, error.displayText()));
    }
}

}  // namespace hcloud::agent

#include "tests/metadata/global_proxy.h"

#include <Poco/Net/HTTPClientSession.h>

namespace hcloud::metadata {

GlobalProxy::GlobalProxy(std::uint16_t port) {
    Poco::Net::HTTPClientSession::ProxyConfig proxy;
    proxy.host = "127.0.0.1";
    proxy.port = port;
    Poco::Net::HTTPClientSession::setGlobalProxyConfig(proxy);
}

GlobalProxy::~GlobalProxy() {
    Poco::Net::HTTPClientSession::setGlobalProxyConfig({});
}

}  // namespace hcloud::metadata

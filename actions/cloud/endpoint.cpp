#include "actions/cloud/endpoint.h"

#include "actions/cloud/text.h"

#include <stdexcept>

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/URI.h>

namespace hcloud::cloud {

namespace {

bool is_loopback(const std::string& host) {
    Poco::Net::IPAddress address;
    if (host == "localhost") return true;
    return Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback();
}

std::string without_slashes_at_end(std::string text) {
    while (text.ends_with('/'))
        text.pop_back();
    return text;
}

[[noreturn]] void refuse(const std::string& text, const char* why) {
    throw std::invalid_argument("API endpoint " + in_quotes(text) + " " + why);
}

}  // namespace

Endpoint parse_endpoint(const std::string& text) {
    try {
        const Poco::URI uri(text);
        if (!uri.getUserInfo().empty() || !uri.getRawQuery().empty() ||
            !uri.getFragment().empty()) {
            refuse(text, "must not carry a user, a query or a fragment");
        }
        const bool secure = uri.getScheme() == "https";
        if (uri.getHost().empty() || uri.getPort() == 0 || (!secure && uri.getScheme() != "http")) {
            refuse(text, "is not an https:// URL");
        }
        if (!secure && !is_loopback(uri.getHost())) {
            refuse(text,
                   "is http:// and not loopback: the token must not cross a network in clear text");
        }
        return {secure, uri.getHost(), uri.getPort(), without_slashes_at_end(uri.getPathEtc()),
                without_slashes_at_end(text)};
    } catch (const Poco::Exception&) {
        refuse(text, "is not a URL");
    }
}

}  // namespace hcloud::cloud

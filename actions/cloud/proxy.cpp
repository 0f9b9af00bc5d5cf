#include "actions/cloud/proxy.h"

#include "actions/cloud/text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include <Poco/Base64Encoder.h>
#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/String.h>
#include <Poco/URI.h>

namespace hcloud::cloud {

namespace {

using Poco::Net::IPAddress;

std::string first_set(std::initializer_list<const char*> names) {
    for (const char* name : names) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0') return value;
    }
    return {};
}

/// An address may stand in brackets.
std::optional<IPAddress> address_in(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    IPAddress address;
    if (!IPAddress::tryParse(std::string(text), address)) return std::nullopt;
    return address;
}

/// "10.0.0.0/8"
bool is_in_network(const IPAddress& address, std::string_view entry) {
    const auto slash = entry.find('/');
    if (slash == std::string_view::npos) return false;
    const auto network = address_in(entry.substr(0, slash));
    unsigned bits = 0;
    const char* last = entry.data() + entry.size();
    const auto [end, error] = std::from_chars(entry.data() + slash + 1, last, bits);
    if (!network || error != std::errc{} || end != last) return false;
    if (network->family() != address.family() || bits > address.length() * 8) return false;
    const IPAddress mask(bits, address.family());
    return (address & mask) == (*network & mask);
}

bool is_host_or_domain(std::string_view host, std::string_view entry) {
    if (entry.starts_with('.')) entry.remove_prefix(1);
    if (entry.ends_with('.')) entry.remove_suffix(1);
    if (entry.empty() || !host.ends_with(entry)) return false;
    return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

bool is_exempt(const std::string& host, const std::string& no_proxy) {
    auto name = Poco::toLower(host);
    if (name.ends_with('.')) name.pop_back();
    const auto address = address_in(name);
    const auto list = Poco::toLower(no_proxy);
    constexpr std::string_view kBetween = ", \t";
    for (std::size_t at = 0; (at = list.find_first_not_of(kBetween, at)) != std::string::npos;) {
        const auto end = std::min(list.find_first_of(kBetween, at), list.size());
        const auto entry = std::string_view(list).substr(at, end - at);
        at = end;
        if (entry == "*") return true;
        if (address ? address_in(entry) == address || is_in_network(*address, entry)
                    : is_host_or_domain(name, entry)) {
            return true;
        }
    }
    return false;
}

[[noreturn]] void refuse(const char* why) {
    throw std::invalid_argument(std::string("the proxy's URL (HTTPS_PROXY) ") + why);
}

std::string decoded(const std::string& text) {
    std::string result;
    Poco::URI::decode(text, result);
    return result;
}

std::string in_base64(const std::string& text) {
    std::ostringstream result;
    Poco::Base64Encoder encoder(result);
    encoder.rdbuf()->setLineLength(0);
    encoder << text;
    encoder.close();
    return result.str();
}

Proxy parse(const std::string& text) {
    try {
        const Poco::URI uri(text.find("://") == std::string::npos ? "http://" + text : text);
        if (uri.getScheme() != "http") refuse("is not an http:// one: no other kind is supported");
        if (uri.getHost().empty() || uri.getPort() == 0) refuse("has no host or no port");
        Proxy proxy{uri.getHost(), uri.getPort(), {}, {}};
        const auto& user = uri.getUserInfo();
        if (user.empty()) return proxy;
        const auto colon = std::min(user.find(':'), user.size());
        proxy.password = decoded(user.substr(std::min(colon + 1, user.size())));
        proxy.authorization =
            "Basic " + in_base64(decoded(user.substr(0, colon)) + ":" + proxy.password);
        return proxy;
    } catch (const Poco::Exception&) {
        refuse("is not a URL");
    }
}

}  // namespace

ProxySettings proxy_from_environment() {
    return {first_set({"https_proxy", "HTTPS_PROXY"}), first_set({"no_proxy", "NO_PROXY"})};
}

std::optional<Proxy> proxy_for(const std::string& host, const ProxySettings& settings) {
    if (settings.url.empty() || is_exempt(host, settings.no_proxy)) return std::nullopt;
    return parse(settings.url);
}

}  // namespace hcloud::cloud

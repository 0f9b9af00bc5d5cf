#include "actions/cloud/floating_ips.h"

#include "actions/cloud/fields.h"
#include "actions/cloud/text.h"

#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace hcloud::cloud {

namespace {

/// "131.232.99.1", "2001:db8::1" or "2001:db8::/64": an IPv4 network is none of them.
bool is_address_or_ipv6_network(const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    if (text.find('\0') != std::string::npos) return false;
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return true;
    const auto slash = text.find('/');
    if (inet_pton(AF_INET6, text.substr(0, slash).c_str(), bytes.data()) != 1) return false;
    if (slash == std::string::npos) return true;
    int length = -1;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data() + slash + 1, last, length);
    return error == std::errc{} && end == last && length >= 0 && length <= 128;
}

FloatingIp read_floating_ip(const Fields& fields) {
    FloatingIp result;
    result.id = fields.required_id("id");
    result.name = fields.required_text("name");
    result.ip = fields.required_text("ip");
    if (!is_address_or_ipv6_network(result.ip)) {
        fields.refuse("ip", in_quotes(result.ip) + " is neither an address nor an IPv6 network");
    }
    result.server = fields.id_or_null("server");
    return result;
}

}  // namespace

FloatingIp get_floating_ip(Client& client, std::int64_t id) {
    return get_resource<FloatingIp>(client, "/floating_ips/" + std::to_string(id), "floating_ip",
                                    id, read_floating_ip);
}

}  // namespace hcloud::cloud

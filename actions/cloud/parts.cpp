#include "actions/cloud/parts.h"

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

DnsPtr read_dns_ptr(const Fields& fields) {
    return {fields.required_text("ip"), fields.text("dns_ptr").value_or("")};
}

}  // namespace

std::string read_ip(const Fields& fields) {
    auto ip = fields.required_text("ip");
    if (!is_address_or_ipv6_network(ip)) {
        fields.refuse("ip", in_quotes(ip) + " is neither an address nor an IPv6 network");
    }
    return ip;
}

std::string read_location(const Fields& fields) {
    auto location = fields.object("location");
    if (!location) {
        if (const auto datacenter = fields.object("datacenter")) {
            location = datacenter->object("location");
        }
    }
    return location ? location->required_text("name") : "";
}

std::optional<std::int64_t> read_server_id(const Fields& target) {
    const auto server = target.object("server");
    if (!server) return std::nullopt;
    return server->required_id("id");
}

std::optional<std::string> read_label_selector(const Fields& target) {
    const auto label_selector = target.object("label_selector");
    if (!label_selector) return std::nullopt;
    return label_selector->required_text("selector");
}

int read_port(const Fields& fields, const char* key) {
    const auto port = fields.required_integer(key);
    if (port < 0 || port > 65535) fields.refuse(key, std::to_string(port) + " is no port");
    return static_cast<int>(port);
}

std::vector<DnsPtr> read_dns_ptrs(const Fields& fields) {
    return fields.list_of("dns_ptr", read_dns_ptr).value_or(std::vector<DnsPtr>{});
}

}  // namespace hcloud::cloud

#include "actions/host/rtnetlink_parse.h"

#include "actions/host/kernel_numbers.h"
#include "actions/host/network.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>

#include <fmt/format.h>

#include <linux/if.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace hcloud::host {

namespace {

/// The attributes of one message or nest, by type. Types beyond what we know are left out.
class Attributes {
  public:
    Attributes(const nlmsghdr& message, std::size_t header_size) {
        check(mnl_attr_parse(&message, static_cast<unsigned>(header_size), &collect, this));
    }
    explicit Attributes(const nlattr& nest) { check(mnl_attr_parse_nested(&nest, &collect, this)); }

    const nlattr* get(std::uint16_t type) const { return table_.at(type); }

    std::uint32_t number(std::uint16_t type, std::uint32_t otherwise) const {
        const auto* attribute = get(type, MNL_TYPE_U32);
        return attribute != nullptr ? mnl_attr_get_u32(attribute) : otherwise;
    }

    std::optional<std::uint8_t> byte(std::uint16_t type) const {
        const auto* attribute = get(type, MNL_TYPE_U8);
        if (attribute == nullptr) return std::nullopt;
        return mnl_attr_get_u8(attribute);
    }

    std::string text(std::uint16_t type) const {
        const auto* attribute = get(type, MNL_TYPE_NUL_STRING);
        return attribute != nullptr ? mnl_attr_get_str(attribute) : std::string();
    }

    std::span<const std::uint8_t> bytes(std::uint16_t type) const {
        const auto* attribute = get(type);
        if (attribute == nullptr) return {};
        return {static_cast<const std::uint8_t*>(mnl_attr_get_payload(attribute)),
                mnl_attr_get_payload_len(attribute)};
    }

    std::optional<IpAddress> ip(std::uint16_t type, int family) const {
        if (get(type) == nullptr) return std::nullopt;
        return to_ip(bytes(type), family, type);
    }

    static IpAddress to_ip(std::span<const std::uint8_t> bytes, int family, std::uint16_t type) {
        const auto address = IpAddress::from_bytes(bytes);
        if (!address || address->family() != family) malformed(type);
        return *address;
    }

    [[noreturn]] static void malformed(std::uint16_t type) {
        throw Error(fmt::format("netlink attribute {} has an impossible size", type), EBADMSG);
    }

  private:
    static int collect(const nlattr* attribute, void* self) {
        auto& table = static_cast<Attributes*>(self)->table_;
        const auto type = mnl_attr_get_type(attribute);
        if (type < table.size()) table[type] = attribute;
        return MNL_CB_OK;
    }

    static void check(int result) {
        if (result < 0) throw Error("cannot parse netlink attributes", EBADMSG);
    }

    const nlattr* get(std::uint16_t type, mnl_attr_data_type format) const {
        const auto* attribute = get(type);
        if (attribute != nullptr && mnl_attr_validate(attribute, format) != 0) malformed(type);
        return attribute;
    }

    std::array<const nlattr*, 128> table_{};
};

template <class Header>
const Header& header_of(const nlmsghdr& message) {
    if (mnl_nlmsg_get_payload_len(&message) < sizeof(Header)) {
        throw Error(fmt::format("netlink message {} is too short", message.nlmsg_type), EBADMSG);
    }
    return *static_cast<const Header*>(mnl_nlmsg_get_payload(&message));
}

/// Empty for hardware addresses that are none (tunnels) and for the loopback's zeros.
std::string mac_text(std::span<const std::uint8_t> bytes) {
    constexpr std::array<std::uint8_t, 6> kZeros{};
    if (bytes.size() != kZeros.size()) return {};
    if (std::memcmp(bytes.data(), kZeros.data(), kZeros.size()) == 0) return {};
    return fmt::format("{:02x}", fmt::join(bytes, ":"));
}

/// Without IPv6 in the kernel, or with an MTU that is too small for it, the AF_INET6 part is
/// missing.
bool is_ipv6_disabled(const Attributes& link) {
    const auto* families = link.get(IFLA_AF_SPEC);
    if (families == nullptr) return true;
    const Attributes by_family(*families);
    const auto* ipv6 = by_family.get(AF_INET6);
    if (ipv6 == nullptr) return true;
    const Attributes attributes(*ipv6);
    const auto settings = attributes.bytes(IFLA_INET6_CONF);  // an array of numbers, by DEVCONF_…
    std::uint32_t disabled = 0;
    constexpr std::size_t kOffset = DEVCONF_DISABLE_IPV6 * sizeof disabled;
    if (settings.size() < kOffset + sizeof disabled) return true;
    std::memcpy(&disabled, settings.data() + kOffset, sizeof disabled);
    return disabled != 0;
}

IpAddress unspecified(int family) {
    constexpr std::array<std::uint8_t, 16> kZeros{};
    return *IpAddress::from_bytes({kZeros.data(), family == AF_INET ? std::size_t{4} : 16});
}

std::optional<IpAddress> parse_gateway(const Attributes& route, int family) {
    const auto via = route.bytes(RTA_VIA);  // a gateway of another family than the route's
    if (via.empty()) return route.ip(RTA_GATEWAY, family);
    std::uint16_t via_family = 0;
    if (via.size() < sizeof via_family) Attributes::malformed(RTA_VIA);
    std::memcpy(&via_family, via.data(), sizeof via_family);
    return Attributes::to_ip(via.subspan(sizeof via_family), via_family, RTA_VIA);
}

bool is_ordinary_unicast(const rtmsg& route, std::uint32_t table) {
    return table == RT_TABLE_MAIN && route.rtm_type == RTN_UNICAST && route.rtm_src_len == 0 &&
           route.rtm_tos == 0 && (route.rtm_flags & RTM_F_CLONED) == 0;
}

}  // namespace

std::optional<Link> parse_link(const nlmsghdr& message) {
    if (message.nlmsg_type != RTM_NEWLINK) return std::nullopt;
    const auto& header = header_of<ifinfomsg>(message);
    const Attributes attributes(message, sizeof header);
    Link link;
    link.index = header.ifi_index;
    link.name = attributes.text(IFLA_IFNAME);
    link.mac = mac_text(attributes.bytes(IFLA_ADDRESS));
    link.mtu = attributes.number(IFLA_MTU, 0);
    link.up = (header.ifi_flags & IFF_UP) != 0;
    link.loopback = (header.ifi_flags & IFF_LOOPBACK) != 0;
    link.ipv6_disabled = is_ipv6_disabled(attributes);
    return link;
}

std::optional<ParsedAddress> parse_address(const nlmsghdr& message) {
    if (message.nlmsg_type != RTM_NEWADDR) return std::nullopt;
    const auto& header = header_of<ifaddrmsg>(message);
    const int family = header.ifa_family;
    if (family != AF_INET && family != AF_INET6) return std::nullopt;
    const Attributes attributes(message, sizeof header);
    // With a peer, IFA_ADDRESS is the peer's. IPv6 has no IFA_LOCAL otherwise.
    auto ip = attributes.ip(IFA_LOCAL, family);
    if (!ip) ip = attributes.ip(IFA_ADDRESS, family);
    if (!ip || header.ifa_prefixlen > ip->bits()) Attributes::malformed(IFA_ADDRESS);
    const auto flags = attributes.number(IFA_FLAGS, header.ifa_flags);
    const auto protocol = attributes.byte(kIfaProto);
    ParsedAddress parsed;
    parsed.has_protocol = protocol.has_value();
    parsed.address = {.link = static_cast<int>(header.ifa_index),
                      .prefix = {*ip, header.ifa_prefixlen},
                      .scope = static_cast<Scope>(header.ifa_scope),
                      .protocol = protocol.value_or(0),
                      .no_prefix_route = (flags & IFA_F_NOPREFIXROUTE) != 0,
                      .no_dad = (flags & IFA_F_NODAD) != 0,
                      .deprecated = (flags & IFA_F_DEPRECATED) != 0};
    return parsed;
}

std::optional<Route> parse_route(const nlmsghdr& message, int family) {
    if (message.nlmsg_type != RTM_NEWROUTE) return std::nullopt;
    const auto& header = header_of<rtmsg>(message);
    if (header.rtm_family != family) return std::nullopt;
    const Attributes attributes(message, sizeof header);
    if (!is_ordinary_unicast(header, attributes.number(RTA_TABLE, header.rtm_table)))
        return std::nullopt;
    Route route;
    route.link = static_cast<int>(attributes.number(RTA_OIF, 0));  // multipath routes have none
    route.destination = {attributes.ip(RTA_DST, family).value_or(unspecified(family)),
                         header.rtm_dst_len};
    if (header.rtm_dst_len > route.destination.address.bits()) Attributes::malformed(RTA_DST);
    route.gateway = parse_gateway(attributes, family);
    route.source = attributes.ip(RTA_PREFSRC, family);
    route.metric = attributes.number(RTA_PRIORITY, 0);
    route.scope = static_cast<Scope>(header.rtm_scope);
    route.protocol = header.rtm_protocol;
    route.onlink = (header.rtm_flags & RTNH_F_ONLINK) != 0;
    return route;
}

bool release_has_address_protocol(std::string_view release) {
    int major = 0;
    int minor = 0;
    const char* const end = release.data() + release.size();
    const auto [dot, error] = std::from_chars(release.data(), end, major);
    if (error != std::errc() || dot == end || *dot != '.') return false;
    if (std::from_chars(dot + 1, end, minor).ec != std::errc()) return false;
    return major > 5 || (major == 5 && minor >= 18);
}

}  // namespace hcloud::host

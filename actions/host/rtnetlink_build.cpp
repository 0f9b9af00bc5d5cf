#include "actions/host/rtnetlink_build.h"

#include "actions/host/kernel_numbers.h"
#include "actions/host/network.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace hcloud::host {

namespace {

// Of linux/ipv6_route.h, which clashes with netinet/in.h: what the kernel makes of metric 0.
constexpr std::uint32_t kDefaultIpv6Metric = 1024;

Message link_change(int link, unsigned flags) {
    Message message(RTM_NEWLINK, NLM_F_ACK);
    auto& header = message.add_header<ifinfomsg>();
    header.ifi_index = link;
    header.ifi_flags = flags;
    header.ifi_change = flags;
    return message;
}

Message address_message(std::uint16_t type, std::uint16_t flags, const Address& address) {
    const auto& ip = address.prefix.address;
    Message message(type, flags | NLM_F_ACK);
    auto& header = message.add_header<ifaddrmsg>();
    header.ifa_family = static_cast<std::uint8_t>(ip.family());
    header.ifa_prefixlen = address.prefix.length;
    header.ifa_index = static_cast<std::uint32_t>(address.link);
    if (ip.is_v4()) header.ifa_scope = static_cast<std::uint8_t>(address.scope);
    message.put(IFA_LOCAL, ip.bytes());
    // Also on delete, where it keeps the kernel from taking an address with a peer.
    message.put(IFA_ADDRESS, ip.bytes());
    return message;
}

Message add_address(const Address& address, bool with_protocol) {
    auto message = address_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address);
    std::uint32_t flags = 0;
    if (address.no_prefix_route) flags |= IFA_F_NOPREFIXROUTE;
    if (address.no_dad) flags |= IFA_F_NODAD;
    if (flags != 0) message.put_u32(IFA_FLAGS, flags);
    if (address.deprecated) {
        ifa_cacheinfo lifetimes{};
        lifetimes.ifa_prefered = 0;
        lifetimes.ifa_valid = kInfinity;
        std::array<std::uint8_t, sizeof lifetimes> bytes{};
        std::memcpy(bytes.data(), &lifetimes, sizeof lifetimes);
        message.put(IFA_CACHEINFO, bytes);
    }
    if (with_protocol && address.protocol != 0) message.put_u8(kIfaProto, address.protocol);
    return message;
}

void put_gateway(Message& message, const Route& route) {
    const auto bytes = route.gateway->bytes();
    if (route.gateway->family() == route.destination.address.family()) {
        message.put(RTA_GATEWAY, bytes);
        return;
    }
    const auto family = static_cast<std::uint16_t>(route.gateway->family());
    std::array<std::uint8_t, sizeof family + 16> via{};  // struct rtvia: family, then the address
    std::memcpy(via.data(), &family, sizeof family);
    std::copy(bytes.begin(), bytes.end(), via.begin() + sizeof family);
    message.put(RTA_VIA, {via.data(), sizeof family + bytes.size()});
}

Message route_message(std::uint16_t type, std::uint16_t flags, const Route& route) {
    const auto& to = route.destination;
    Message message(type, flags | NLM_F_ACK);
    auto& header = message.add_header<rtmsg>();
    header.rtm_family = static_cast<std::uint8_t>(to.address.family());
    header.rtm_dst_len = to.length;
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_protocol = route.protocol;
    header.rtm_type = RTN_UNICAST;
    if (to.address.is_v4()) header.rtm_scope = static_cast<std::uint8_t>(route.scope);
    if (route.onlink) header.rtm_flags = RTNH_F_ONLINK;
    if (to.length != 0) message.put(RTA_DST, to.address.bytes());
    message.put_u32(RTA_OIF, static_cast<std::uint32_t>(route.link));
    if (route.gateway) put_gateway(message, route);
    if (route.source) message.put(RTA_PREFSRC, route.source->bytes());
    if (const auto metric = effective_metric(route); metric != 0)
        message.put_u32(RTA_PRIORITY, metric);
    return message;
}

/// IPv4 without EXCL puts the route before one of the same destination and metric that somebody
/// else made, and still refuses one that is the same in all. IPv6 would join the two into one
/// multipath route, sending half of the traffic each way: there the other's route stays alone.
Message add_route(const Route& route) {
    const bool v4 = route.destination.address.is_v4();
    return route_message(RTM_NEWROUTE, v4 ? NLM_F_CREATE : NLM_F_CREATE | NLM_F_EXCL, route);
}

struct Builder {
    bool with_protocol;

    Message operator()(const SetLinkUp& change) const { return link_change(change.link, IFF_UP); }
    Message operator()(const SetLinkMtu& change) const {
        auto message = link_change(change.link, 0);
        message.put_u32(IFLA_MTU, change.mtu);
        return message;
    }
    Message operator()(const AddAddress& change) const {
        return add_address(change.address, with_protocol);
    }
    Message operator()(const DeleteAddress& change) const {
        return address_message(RTM_DELADDR, 0, change.address);
    }
    Message operator()(const AddRoute& change) const { return add_route(change.route); }
    Message operator()(const DeleteRoute& change) const {
        return route_message(RTM_DELROUTE, 0, change.route);
    }
    Message operator()(const GuardChange auto& /*change*/) const {
        throw Error("the guard is no matter of rtnetlink's", EINVAL);
    }
};

std::string refuse_route(const Route& route) {
    const auto& to = route.destination;
    if (route.link <= 0) return "a route needs a link";
    if (to.length > to.address.bits()) return "the prefix is longer than the address";
    if (to.network() != to) return "the destination has bits beyond its prefix";
    if (route.source && route.source->family() != to.address.family()) {
        return "the source is of another family than the destination";
    }
    return {};
}

struct Refuser {
    static std::string link(int index) { return index <= 0 ? "no link is given" : ""; }
    static std::string address(const Address& address) {
        const auto& prefix = address.prefix;
        if (prefix.length > prefix.address.bits()) return "the prefix is longer than the address";
        return link(address.link);
    }

    std::string operator()(const SetLinkUp& change) const { return link(change.link); }
    std::string operator()(const SetLinkMtu& change) const { return link(change.link); }
    std::string operator()(const AddAddress& change) const { return address(change.address); }
    std::string operator()(const DeleteAddress& change) const { return address(change.address); }
    std::string operator()(const AddRoute& change) const { return refuse_route(change.route); }
    std::string operator()(const DeleteRoute& change) const {
        // For the kernel these mean "any": it would delete somebody else's route.
        if (change.route.protocol == RTPROT_UNSPEC) return "a route without a protocol is not ours";
        if (change.route.scope == Scope::nowhere) return "scope nowhere would match any scope";
        return refuse_route(change.route);
    }
    std::string operator()(const GuardChange auto& /*change*/) const {
        return "the guard is no matter of rtnetlink's";
    }
};

}  // namespace

Message::Message(std::uint16_t type, std::uint16_t flags) {
    auto* const header = mnl_nlmsg_put_header(buffer_.data());
    header->nlmsg_type = type;
    header->nlmsg_flags = NLM_F_REQUEST | flags;
}

void Message::put(std::uint16_t attribute, std::span<const std::uint8_t> value) {
    if (!mnl_attr_put_check(header(), kCapacity, attribute, value.size(), value.data())) {
        throw Error("netlink request too large", EMSGSIZE);
    }
}

void Message::put_u32(std::uint16_t attribute, std::uint32_t value) {
    std::array<std::uint8_t, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    put(attribute, bytes);
}

std::span<const std::uint8_t> Message::bytes() const {
    return {buffer_.data(), reinterpret_cast<const nlmsghdr*>(buffer_.data())->nlmsg_len};
}

Message link_dump() {
    Message message(RTM_GETLINK, NLM_F_DUMP);
    message.add_header<ifinfomsg>().ifi_family = AF_UNSPEC;
    message.put_u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return message;
}

Message address_dump() {
    Message message(RTM_GETADDR, NLM_F_DUMP);
    message.add_header<ifaddrmsg>().ifa_family = AF_UNSPEC;
    return message;
}

Message route_dump(int family) {
    Message message(RTM_GETROUTE, NLM_F_DUMP);
    auto& header = message.add_header<rtmsg>();
    header.rtm_family = static_cast<std::uint8_t>(family);
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_type = RTN_UNICAST;
    return message;
}

std::string refusal(const Change& change) {
    return std::visit(Refuser{}, change);
}

Message build(const Change& change, bool with_protocol) {
    return std::visit(Builder{with_protocol}, change);
}

std::uint32_t effective_metric(const Route& route) {
    const bool v4 = route.destination.address.is_v4();
    return !v4 && route.metric == 0 ? kDefaultIpv6Metric : route.metric;
}

}  // namespace hcloud::host
